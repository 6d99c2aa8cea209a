// SPDX-License-Identifier: Apache-2.0
/** Faults put into production code on purpose: the simulation must find each of them. Begin at {@code mutants.txt}. */
@NullMarked
package dev.primacy.simulation.mutants;

import org.jspecify.annotations.NullMarked;
