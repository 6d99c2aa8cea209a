// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

/** A verb of {@link Postgres} did not succeed. The message says what was tried, on what, what was seen, what to do. */
public final class PostgresException extends RuntimeException {
    public PostgresException(String message) {
        super(message);
    }

    public PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
