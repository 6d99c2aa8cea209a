// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** The section {@code jdbc}: {@code url} ({@code jdbc:postgresql://host/database}), {@code username}, {@code password}. */
public final class JdbcProvider implements DcsProvider {
    private static final Set<String> KNOWN = Set.of("url", "username", "password");

    /** Called by the service loader. */
    public JdbcProvider() {}

    @Override
    public String name() {
        return "jdbc";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        String url = String.valueOf(section.getOrDefault("url", ""));
        List<String> problems = new ArrayList<>();
        new TreeSet<>(section.keySet())
                .stream().filter(key -> !KNOWN.contains(key)).forEach(key -> problems.add("unknown key '" + key + "'"));
        if (!url.startsWith("jdbc:postgresql:")) {
            problems.add("url must be jdbc:postgresql://host[:port]/database");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("jdbc: " + String.join("; ", problems));
        }
        Properties login = new Properties();
        login.setProperty("user", String.valueOf(section.getOrDefault("username", "postgres")));
        login.setProperty("password", String.valueOf(section.getOrDefault("password", "")));
        return new Client(new Database(url, login), clock);
    }

    /** Its connections end with the last of those who use them: the client itself, and its sessions. */
    private static final class Client implements DcsClient {
        private final Database database;
        private final MonotonicClock clock;
        private boolean closed;
        private int users = 1;

        Client(Database database, MonotonicClock clock) {
            this.database = database;
            this.clock = clock;
        }

        @Override
        public synchronized Dcs open(Scope scope) {
            if (closed) {
                throw new IllegalStateException("the client is closed");
            }
            users++;
            return new JdbcDcs(scope, database, clock, this::leave);
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                leave();
            }
        }

        private synchronized void leave() {
            users--;
            if (users == 0) {
                database.close();
            }
        }
    }
}
