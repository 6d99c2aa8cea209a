// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import dev.primacy.postgres.Lsn;
import dev.primacy.time.MonotonicInstant;

/**
 * An INSERT that a node acknowledged.
 *
 * @param id number of the row, unique in the run
 * @param node the node that acknowledged it
 * @param streak grows with every other answer of that node (refused, lost, timed out); acks of one streak have only
 *     acks between them
 * @param lsn where the node's WAL ended while it ran the INSERT
 * @param sent before the INSERT was sent
 * @param acked after the answer came
 */
public record Ack(long id, String node, int streak, Lsn lsn, MonotonicInstant sent, MonotonicInstant acked) {}
