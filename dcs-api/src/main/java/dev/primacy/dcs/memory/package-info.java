// SPDX-License-Identifier: Apache-2.0
/** A store in memory, driven by an injected clock: reference, test double and simulated backend in one. */
@NullMarked
package dev.primacy.dcs.memory;

import org.jspecify.annotations.NullMarked;
