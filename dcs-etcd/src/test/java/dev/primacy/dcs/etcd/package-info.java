// SPDX-License-Identifier: Apache-2.0
/** Tests against real etcd servers. */
@NullMarked
package dev.primacy.dcs.etcd;

import org.jspecify.annotations.NullMarked;
