// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.Standby;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything there is to know of a running server, in one round trip. */
final class StatusQuery {
    /**
     * The control file of a new primary has the old timeline until the first checkpoint, hence the WAL file's name. The
     * standbys come before the position, so that none that follows seems to be ahead of it.
     */
    private static final String SQL = """
            SELECT r.recovering,
                CASE WHEN r.recovering
                    THEN coalesce(w.received_tli, greatest(nullif(m.min_recovery_end_timeline, 0), c.timeline_id))
                    ELSE ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int END AS timeline,
                ARRAY(SELECT ARRAY[application_name, state, coalesce(flush_lsn, '0/0')::text, coalesce(slot_name, '')]
                    FROM pg_stat_replication LEFT JOIN pg_replication_slots ON active_pid = pid
                    WHERE state IN ('streaming', 'catchup')) AS standbys,
                CASE WHEN r.recovering
                    THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), '0/0')
                    ELSE pg_current_wal_flush_lsn() END::text AS written,
                CASE WHEN r.recovering
                    THEN coalesce(pg_last_wal_replay_lsn(), '0/0')
                    ELSE pg_current_wal_flush_lsn() END::text AS replayed,
                CASE WHEN r.recovering THEN current_setting('primary_conninfo') END AS conninfo,
                current_setting('primary_slot_name') AS slot,
                coalesce(w.status = 'streaming', false) AS streaming,
                current_setting('server_version_num')::int AS version,
                pg_postmaster_start_time()::text AS started,
                ARRAY(SELECT name FROM pg_settings WHERE pending_restart ORDER BY name) AS pending_restart,
                s.system_identifier::text AS system_identifier,
                c.timeline_id AS checkpoint_timeline,
                c.checkpoint_lsn::text AS checkpoint
            FROM (SELECT pg_is_in_recovery() AS recovering) r
                CROSS JOIN pg_control_system() s
                CROSS JOIN pg_control_checkpoint() c
                CROSS JOIN pg_control_recovery() m
                LEFT JOIN pg_stat_get_wal_receiver() w ON w.pid IS NOT NULL
            """;

    private StatusQuery() {}

    /**
     * A running server's answer.
     *
     * @param control as the server sees it
     * @param server the rest
     */
    record Answer(ControlData control, Server server) {}

    static Answer ask(Connection connection, boolean standbySignal) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL);
                ResultSet row = statement.executeQuery()) {
            row.next();
            boolean recovering = row.getBoolean("recovering");
            ControlData control = new ControlData(
                    row.getString("system_identifier"),
                    recovering ? "in archive recovery" : "in production",
                    row.getInt("checkpoint_timeline"),
                    Lsn.parse(row.getString("checkpoint")),
                    standbySignal,
                    false);
            Server server = new Server(
                    !recovering,
                    row.getInt("timeline"),
                    Lsn.parse(row.getString("written")),
                    Lsn.parse(row.getString("replayed")),
                    upstream(Optional.ofNullable(row.getString("conninfo")), row.getString("slot")),
                    row.getBoolean("streaming"),
                    standbys(row.getArray("standbys")),
                    row.getInt("version"),
                    row.getString("started"),
                    List.of((String[]) row.getArray("pending_restart").getArray()));
            return new Answer(control, server);
        }
    }

    private static Optional<Upstream> upstream(Optional<String> conninfo, String slot) {
        Map<String, String> pairs = Quoting.parseConninfo(conninfo.orElse(""));
        String host = pairs.get("host");
        String port = pairs.getOrDefault("port", "5432");
        // Several hosts, or a foreign setting: no single server can be named.
        if (host == null || host.contains(",") || !port.matches("\\d{1,5}")) {
            return Optional.empty();
        }
        return Optional.of(
                new Upstream(host, Integer.parseInt(port), slot.isEmpty() ? Optional.empty() : Optional.of(slot)));
    }

    private static List<Standby> standbys(Array array) throws SQLException {
        List<Standby> standbys = new ArrayList<>();
        for (Object entry : (Object[]) array.getArray()) {
            Object[] fields = (Object[]) entry;
            standbys.add(new Standby(
                    (String) fields[0],
                    (String) fields[1],
                    Lsn.parse((String) fields[2]),
                    Optional.of((String) fields[3]).filter(slot -> !slot.isEmpty())));
        }
        return List.copyOf(standbys);
    }
}
