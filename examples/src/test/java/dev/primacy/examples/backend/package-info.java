// SPDX-License-Identifier: Apache-2.0
/** The example of a backend, held to the contract by a real PostgreSQL. {@code JdbcFixture} is all that had to be written. */
@NullMarked
package dev.primacy.examples.backend;

import org.jspecify.annotations.NullMarked;
