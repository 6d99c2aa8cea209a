// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

/**
 * What became of a request for a switchover.
 *
 * @param verdict for programs
 * @param message for people
 */
public record SwitchoverAnswer(Verdict verdict, String message) {
    /** What became of it. */
    public enum Verdict {
        /** Written down; the leader site will act on it. */
        ACCEPTED,
        /** No such site, or it makes no sense. */
        BAD_REQUEST,
        /** It cannot be done now. */
        NOT_POSSIBLE,
        /** Another request is in progress. */
        CONFLICT,
        /** The store did not take it. */
        STORE_FAILED
    }
}
