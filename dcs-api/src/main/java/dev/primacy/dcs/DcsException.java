// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import org.jspecify.annotations.Nullable;

/** The store gave no usable answer. The subtype is what the caller may conclude. */
public abstract sealed class DcsException extends RuntimeException {
    private DcsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** It surely did not happen: the store could not be reached, or the call only reads. Starts the fencing clock. */
    public static final class Unreachable extends DcsException {
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** It may have happened: read again before anything else. */
    public static final class OutcomeUnknown extends DcsException {
        public OutcomeUnknown(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The store refused for good: credentials, permission, a bad request. Trying again will not help. */
    public static final class Rejected extends DcsException {
        public Rejected(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
