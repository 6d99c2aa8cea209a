// SPDX-License-Identifier: Apache-2.0
/** A leader that cannot reach the store goes on as long as all who might replace it promise not to. */
@NullMarked
package dev.primacy.ha.failsafe;

import org.jspecify.annotations.NullMarked;
