// SPDX-License-Identifier: Apache-2.0
/** The right to accept writes, and the deadline by which a server without it has been stopped. */
@NullMarked
package dev.primacy.ha.fencing;

import org.jspecify.annotations.NullMarked;
