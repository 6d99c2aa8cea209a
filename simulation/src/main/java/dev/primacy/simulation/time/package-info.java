// SPDX-License-Identifier: Apache-2.0
/** Virtual time, and programs that run in it. */
@NullMarked
package dev.primacy.simulation.time;

import org.jspecify.annotations.NullMarked;
