// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.lab.verdict.Ack;
import dev.primacy.postgres.Lsn;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries to write through one node all the time, however often it is refused. One round is one INSERT. */
final class NodeWriter implements Loop.Step {
    private static final Duration AFTER_REFUSAL = Duration.ofMillis(10);
    private static final String READ_ONLY = "25006";
    private static final String NO_TABLE = "42P01";

    private static final Logger LOG = LoggerFactory.getLogger(NodeWriter.class);

    private final NodeSpec node;
    private final LongSupplier numbers;
    private final AckLog acks;
    private final MonotonicClock clock;
    private final Duration rest;
    private @Nullable Session session;
    private int streak;

    NodeWriter(NodeSpec node, LongSupplier numbers, AckLog acks, MonotonicClock clock, Duration rest) {
        this.node = node;
        this.numbers = numbers;
        this.acks = acks;
        this.clock = clock;
        this.rest = rest;
    }

    @Override
    public Duration run() {
        try {
            if (session == null) {
                session = Session.open(node);
            }
            write(session);
            return rest;
        } catch (SQLException e) {
            streak++;
            recover(e);
            return AFTER_REFUSAL;
        }
    }

    private void write(Session open) throws SQLException {
        // A number is used once, also where its fate is unknown.
        long id = numbers.getAsLong();
        MonotonicInstant sent = clock.now();
        Lsn lsn = open.insert(id, node.name());
        acks.add(new Ack(id, node.name(), streak, lsn, sent, clock.now()));
    }

    /** The session stays where the node only refused; any other answer may have been the last of it. */
    private void recover(SQLException refusal) {
        Session open = session;
        if (open == null || READ_ONLY.equals(refusal.getSQLState())) {
            return;
        }
        session = null;
        try (open) {
            if (NO_TABLE.equals(refusal.getSQLState())) {
                open.createTable();
            }
        } catch (SQLException e) {
            LOG.debug("{} took no table", node.name(), e);
        }
    }
}
