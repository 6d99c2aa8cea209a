// SPDX-License-Identifier: Apache-2.0
/** Stores with the semantics of each backend, and the network before them. */
@NullMarked
package dev.primacy.simulation.store;

import org.jspecify.annotations.NullMarked;
