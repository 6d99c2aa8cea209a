// SPDX-License-Identifier: Apache-2.0
/**
 * A backend that keeps its records in PostgreSQL over JDBC, as an example for authors of backends; {@code
 * docs/write-a-backend.md} walks through it. Read {@code JdbcDcs} first, then {@code Liveness} and {@code Database}.
 */
@NullMarked
package dev.primacy.examples.backend;

import org.jspecify.annotations.NullMarked;
