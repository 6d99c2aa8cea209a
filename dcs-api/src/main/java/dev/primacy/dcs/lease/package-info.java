// SPDX-License-Identifier: Apache-2.0
/** Keeps a leader lock alive and says until when it may be relied on: {@link dev.primacy.dcs.lease.LeaseKeeper}. */
@NullMarked
package dev.primacy.dcs.lease;

import org.jspecify.annotations.NullMarked;
