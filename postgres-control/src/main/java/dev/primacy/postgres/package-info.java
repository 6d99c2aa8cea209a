// SPDX-License-Identifier: Apache-2.0
/**
 * Control of one PostgreSQL server on this host. Open {@link dev.primacy.postgres.Postgres} first. Nothing here decides
 * anything or knows a DCS: callers say what is to be done, and get told what happened.
 */
@NullMarked
package dev.primacy.postgres;

import org.jspecify.annotations.NullMarked;
