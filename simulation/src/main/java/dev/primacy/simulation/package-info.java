// SPDX-License-Identifier: Apache-2.0
/** Plays seeded histories of whole groups of sites: the production loops over simulated surroundings, in virtual time. */
@NullMarked
package dev.primacy.simulation;

import org.jspecify.annotations.NullMarked;
