// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.TestServers.Node;
import dev.primacy.time.MonotonicInstant;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Clients that write as fast as they can, and remember when the last write was acknowledged. */
final class Writer implements AutoCloseable {
    private final Node node;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private volatile boolean stopped;
    private volatile @Nullable MonotonicInstant last;

    Writer(Node node, int clients) throws Exception {
        this.node = node;
        node.sql("CREATE TABLE IF NOT EXISTS w (n bigserial PRIMARY KEY, t text)");
        for (int i = 0; i < clients; i++) {
            Thread thread = new Thread(this::write, "writer " + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        Wait.until("writes", TestServers.LONG, () -> acknowledged.get() > 20 * clients);
    }

    private void write() {
        while (!stopped) {
            String url = "jdbc:postgresql://127.0.0.1:" + node.settings().port()
                    + "/postgres?loginTimeout=1&socketTimeout=2&connectTimeout=1";
            try (Connection connection = DriverManager.getConnection(url, "postgres", TestServers.PASSWORD);
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO w (t) VALUES ('x')")) {
                while (!stopped) {
                    insert.execute();
                    last = Wait.CLOCK.now();
                    acknowledged.incrementAndGet();
                }
            } catch (SQLException e) {
                // The server ends, or has ended: that is what is tested. It is tried again until the test is over.
                Wait.until(Wait.CLOCK.now().plus(java.time.Duration.ofMillis(5)));
            }
        }
    }

    MonotonicInstant last() {
        MonotonicInstant seen = last;
        if (seen == null) {
            throw new AssertionError("nothing was acknowledged");
        }
        return seen;
    }

    int acknowledged() {
        return acknowledged.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(10_000);
        }
    }
}
