// SPDX-License-Identifier: Apache-2.0
/** As much of PostgreSQL as decisions depend on. */
@NullMarked
package dev.primacy.simulation.postgres;

import org.jspecify.annotations.NullMarked;
