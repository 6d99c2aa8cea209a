// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A cluster as people are shown it.
 *
 * @param rows one for each member that can be read, sorted by name
 * @param paused whether the cluster is
 * @param scheduled a switchover that is to happen later
 */
public record Overview(List<Row> rows, boolean paused, Optional<FailoverRecord> scheduled) {
    public Overview {
        rows = List.copyOf(rows);
    }

    /**
     * One member.
     *
     * @param name of the member
     * @param role {@code leader}, {@code standby_leader}, {@code sync_standby}, {@code quorum_standby} or {@code replica}
     * @param state what its server does, or how it replicates
     * @param member as it published itself
     * @param received of a member that does not lead: how far it has received; empty if it does not say
     * @param replayed of a member that does not lead: how far it has replayed; empty if it does not say
     */
    public record Row(
            String name,
            String role,
            String state,
            MemberRecord member,
            Optional<Position> received,
            Optional<Position> replayed) {
        public boolean leads() {
            return role.equals("leader") || role.equals("standby_leader");
        }

        /** The further one of both; empty if it does not say. */
        public Optional<Position> position() {
            return received.isPresent() ? received : replayed;
        }
    }

    /**
     * How far a member got.
     *
     * @param lsn unsigned
     * @param lag bytes that the leader has published and this member lacks
     */
    public record Position(long lsn, long lag) {
        /** Of the leader's position, and a member's. */
        static Position of(long leader, long member) {
            return new Position(member, Long.compareUnsigned(leader, member) > 0 ? leader - member : 0);
        }

        /** In PostgreSQL's form. */
        public String text() {
            return Overview.text(lsn);
        }
    }

    /** A position in the WAL in PostgreSQL's form. */
    public static String text(long lsn) {
        return String.format(Locale.ROOT, "%X/%X", lsn >>> Integer.SIZE, lsn & 0xFFFF_FFFFL);
    }

    public static Overview of(ClusterView cluster) {
        List<Row> rows = cluster.members().keySet().stream()
                .flatMap(name -> cluster.member(name).stream().map(member -> row(name, member, cluster)))
                .toList();
        return new Overview(
                rows,
                setting(cluster, "pause"),
                cluster.failover().value().filter(asked -> asked.scheduledAt().isPresent()));
    }

    private static boolean setting(ClusterView cluster, String name) {
        return cluster.config()
                .value()
                .filter(config -> isTrue(config.settings(), name))
                .isPresent();
    }

    /** Patroni's words. */
    private static boolean isTrue(JsonObject settings, String name) {
        return settings.text(name)
                .map(text -> text.toLowerCase(Locale.ROOT))
                .filter(List.of("on", "true", "yes", "1")::contains)
                .isPresent();
    }

    private static Row row(String name, MemberRecord member, ClusterView cluster) {
        String role = role(name, member, cluster);
        boolean leads = cluster.leaderName().equals(Optional.of(name));
        String state = member.replicationState()
                .filter(replication -> !role.equals("leader"))
                .orElse(member.state());
        long leader = cluster.status().value().map(StatusRecord::optime).orElse(0L);
        Optional<Long> received = member.receiveLsn().or(member::xlogLocation).filter(lsn -> !leads);
        Optional<Long> replayed = member.replayLsn().filter(lsn -> !leads);
        return new Row(
                name,
                role,
                state,
                member,
                received.map(lsn -> Position.of(leader, lsn)),
                replayed.map(lsn -> Position.of(leader, lsn)));
    }

    private static String role(String name, MemberRecord member, ClusterView cluster) {
        if (cluster.leaderName().equals(Optional.of(name))) {
            return member.role().equals("standby_leader") ? "standby_leader" : "leader";
        }
        if (cluster.sync().value().filter(sync -> sync.isVoter(name)).isEmpty()) {
            return "replica";
        }
        boolean quorum = cluster.config()
                .value()
                .flatMap(config -> config.settings().text("synchronous_mode"))
                .filter("quorum"::equalsIgnoreCase)
                .isPresent();
        return quorum ? "quorum_standby" : "sync_standby";
    }
}
