// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.Loop;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Inserts numbered rows through whichever node takes them. Each node is tried by a thread of
 * its own, all the time, so no client's way of finding the primary is in what it measures, and a second writable node
 * cannot hide.
 */
public final class Writer implements AutoCloseable {
    private final AckLog acks = new AckLog();
    private final List<Loop> loops;

    /** Starts to write as fast as it gets answers, from row 1 on. */
    public Writer(List<Node> nodes, Loops loops, MonotonicClock clock) {
        this(nodes, new AtomicLong(), Duration.ZERO, loops, clock);
    }

    /**
     * Starts to write.
     *
     * @param last number of a row that was written before; no number of a table may be used twice
     * @param rest of each node's session between an answer and the next row
     */
    public Writer(List<Node> nodes, AtomicLong last, Duration rest, Loops loops, MonotonicClock clock) {
        this.loops = nodes.stream()
                .map(node -> loops.start(
                        "writer " + node, new NodeWriter(node.spec(), last::incrementAndGet, acks, clock, rest)))
                .toList();
    }

    public AckLog acks() {
        return acks;
    }

    /** The numbers of the rows that this node has. */
    public static BitSet rowsOf(Node node) {
        try (Session session = Session.open(node.spec())) {
            return session.numbers();
        } catch (SQLException e) {
            throw new LabException("cannot read the rows of " + node, e);
        }
    }

    /** Stops writing. */
    @Override
    public void close() {
        loops.forEach(Loop::close);
    }
}
