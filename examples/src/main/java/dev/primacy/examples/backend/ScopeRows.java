// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All that a scope held at one moment: records by key, sessions by id. */
record ScopeRows(Map<String, Row> records, Map<String, Session> sessions) {
    static final String LEADER = "leader";
    static final String MEMBERS = "members/";

    /** One statement sees one moment, so that a lock never shows together with records from after its end. */
    private static final String READ = "SELECT s.id, s.beat, s.ttl_ms, r.key, r.value, r.version"
            + " FROM dcs_session s LEFT JOIN dcs_record r ON r.session = s.id WHERE s.scope = ?"
            + " UNION ALL SELECT NULL, NULL, NULL, key, value, version"
            + " FROM dcs_record WHERE scope = ? AND session IS NULL";

    /**
     * One record.
     *
     * @param session the id of the one that it goes with, empty if it stays
     */
    record Row(Stored stored, String session) {}

    record Session(long beat, Duration ttl) {}

    static ScopeRows read(Connection connection, String scope) throws SQLException {
        ScopeRows rows = new ScopeRows(new TreeMap<>(), new HashMap<>());
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, scope);
            statement.setString(2, scope);
            for (ResultSet row = statement.executeQuery(); row.next(); ) {
                rows.add(row);
            }
        }
        return rows;
    }

    private void add(ResultSet row) throws SQLException {
        String session = row.getString(1);
        String key = row.getString(4);
        if (session != null) {
            sessions.put(session, new Session(row.getLong(2), Duration.ofMillis(row.getLong(3))));
        }
        if (key != null) {
            // Foreign bytes become U+FFFD here instead of an error that would hide all the rest.
            Stored stored =
                    new Stored(new String(row.getBytes(5), StandardCharsets.UTF_8), new Version(row.getLong(6)));
            records.put(key, new Row(stored, session == null ? "" : session));
        }
    }

    Optional<Lock> leader() {
        return Optional.ofNullable(records.get(LEADER))
                .map(row -> new Lock(
                        row.stored.value(),
                        row.session,
                        // Numbers of a sequence, so the version is a term that grows.
                        row.stored.version().value(),
                        row.stored.version()));
    }

    Optional<Stored> record(RecordKey key) {
        return Optional.ofNullable(records.get(key.path())).map(Row::stored);
    }

    /** Whether what the write expects is the case. */
    boolean allow(RecordWrite write) {
        Optional<Stored> now = record(write.key());
        if (write.expected() instanceof Expected.At at) {
            return now.filter(stored -> stored.version().equals(at.version())).isPresent();
        }
        return write.expected() instanceof Expected.Anything || now.isEmpty();
    }

    Snapshot snapshot() {
        TreeMap<String, Stored> members = new TreeMap<>();
        Map<RecordKey, Stored> others = new HashMap<>();
        records.forEach((key, row) -> {
            if (key.startsWith(MEMBERS)) {
                members.put(key.substring(MEMBERS.length()), row.stored);
            } else if (!key.equals(LEADER)) {
                // A foreign row may have any key; one that is no record's must not spoil the snapshot.
                RecordKey.ofPath(key).ifPresent(legal -> others.put(legal, row.stored));
            }
        });
        return new Snapshot(leader(), members, others);
    }
}
