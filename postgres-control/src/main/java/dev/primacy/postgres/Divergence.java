// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

/** How this data directory's history relates to that of an upstream server. */
public sealed interface Divergence {
    /** All WAL here is also part of the upstream's history: it can be followed. */
    record InHistory() implements Divergence {}

    /**
     * There is WAL here that the upstream never had.
     *
     * @param forkTimeline the last timeline that both share
     * @param fork where the histories part
     * @param localEnd how far the WAL here goes
     * @param upstreamIsPrimary whether the upstream writes WAL; a standby may itself be the one that has to be rewound
     */
    record Diverged(int forkTimeline, Lsn fork, Lsn localEnd, boolean upstreamIsPrimary) implements Divergence {}

    /**
     * The upstream is another database. Nothing may be rewound or wiped because of it.
     *
     * @param local system identifier here
     * @param upstream system identifier there
     */
    record OtherSystem(String local, String upstream) implements Divergence {}

    /**
     * The upstream did not answer, or cannot serve now; ask again later.
     *
     * @param reason for people
     */
    record Unknown(String reason) implements Divergence {}
}
