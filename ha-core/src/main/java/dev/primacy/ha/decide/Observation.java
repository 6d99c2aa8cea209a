// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.FailoverRecord;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.failsafe.Promise;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.PostgresStatus;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.MonotonicInstant;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * All that a decision may look at, read in one go.
 *
 * @param now one reading of the clock
 * @param wall what the wall clock shows, for what people have scheduled
 * @param cluster the store's content; empty: it did not answer
 * @param postgres the local server
 * @param guarded whether the local server, if it runs, runs under this agent's guard
 * @param lease of the leader lock, if this member may rely on it now
 * @param leasePromised whether {@code lease} may outlast the lock in the store, by what other members have promised
 * @param site where the site stands; a {@link SiteStanding.Leader} only while its lease may be relied on
 * @param peers answers of other members; asked only when {@link Decisions#asksPeers}
 * @param timelines what the server's data says of them; read only when {@link Decisions#asksTimelines}
 * @param promise of this member not to claim the leader lock now
 * @param action the long action that runs now
 * @param memory of earlier rounds
 * @param orders what people ask of this member
 */
public record Observation(
        MonotonicInstant now,
        Instant wall,
        Optional<Snapshot> cluster,
        PostgresStatus postgres,
        boolean guarded,
        Optional<Lease> lease,
        boolean leasePromised,
        SiteStanding site,
        Map<String, Peer> peers,
        Optional<TimelineHistory> timelines,
        Optional<Promise> promise,
        Optional<Action> action,
        Memory memory,
        Orders orders) {
    public Observation {
        peers = Map.copyOf(peers);
    }

    /**
     * A long action.
     *
     * @param name for people
     * @param needsRight whether it makes the server a primary
     * @param asked the server whose answer it waits for before it changes anything; empty if it has begun to
     */
    public record Action(String name, boolean needsRight, Optional<Upstream> asked) {
        /** Of the action that ends a primary so that another takes over. */
        public static final String SWITCHOVER = "switchover: demote";

        /** The same, once it changes something. */
        public Action begun() {
            return new Action(name, needsRight, Optional.empty());
        }

        public boolean isSwitchover() {
            return name.equals(SWITCHOVER);
        }
    }

    /** The same, with a later answer of the server: for display. */
    public Observation withPostgres(PostgresStatus fresh) {
        return new Observation(
                now,
                wall,
                cluster,
                fresh,
                guarded,
                lease,
                leasePromised,
                site,
                peers,
                timelines,
                promise,
                action,
                memory,
                orders);
    }

    /** The same, with what the server's data says of its timelines. */
    public Observation withTimelines(Optional<TimelineHistory> read) {
        return new Observation(
                now,
                wall,
                cluster,
                postgres,
                guarded,
                lease,
                leasePromised,
                site,
                peers,
                read,
                promise,
                action,
                memory,
                orders);
    }

    /** The same, with what other members answered. */
    public Observation withPeers(Map<String, Peer> answers) {
        return new Observation(
                now,
                wall,
                cluster,
                postgres,
                guarded,
                lease,
                leasePromised,
                site,
                answers,
                timelines,
                promise,
                action,
                memory,
                orders);
    }

    public State state() {
        return postgres.state();
    }

    boolean hasProcess() {
        return state() == State.RUNNING || state() == State.STARTING || state() == State.UNRESPONSIVE;
    }

    public boolean runsAsPrimary() {
        return postgres.server().filter(Server::primary).isPresent();
    }

    /** Patroni's word for what the member is. */
    public String role() {
        if (postgres.control().isEmpty()) {
            return "uninitialized";
        }
        if (runsAsPrimary()) {
            return "primary";
        }
        if (postgres.server().isPresent()) {
            // Whoever is told to follow meanwhile does so only when it has become one.
            if (action.filter(Action::needsRight).isPresent()) {
                return "promoted";
            }
            boolean leadsStandbySite = lease.isPresent() && site instanceof SiteStanding.Standby;
            return leadsStandbySite ? "standby_leader" : "replica";
        }
        return postgres.control().get().standby() ? "replica" : "demoted";
    }

    /** Whether this node may accept writes now: it holds the cluster's lock, and its site the site lease. */
    public boolean mayWrite() {
        return lease.isPresent() && (site instanceof SiteStanding.Single || site instanceof SiteStanding.Leader);
    }

    /** Whether there is a database here that no server was ever started on. */
    boolean neverUsed() {
        return state() == State.STOPPED
                && postgres.control().filter(ControlData::unused).isPresent();
    }

    /** Whether the group has taken the database here for its own; where there is no group, the cluster decides. */
    boolean isOfGroup() {
        return site instanceof SiteStanding.Single
                || (site instanceof SiteStanding.Leader leader
                        && leader.database().isPresent()
                        && leader.database().equals(systemIdentifier()));
    }

    public Optional<String> systemIdentifier() {
        return postgres.control().map(ControlData::systemIdentifier);
    }

    Entry<InitializeRecord> initialize() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.INITIALIZE)), InitializeRecord::parse);
    }

    Entry<ConfigRecord> settings() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.CONFIG)), ConfigRecord::parse);
    }

    Entry<FailoverRecord> failover() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.FAILOVER)), FailoverRecord::parse);
    }

    Entry<HistoryRecord> history() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.HISTORY)), HistoryRecord::parse);
    }

    Entry<FailsafeRecord> failsafe() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.FAILSAFE)), FailsafeRecord::parse);
    }

    /** The system identifier that the cluster was founded with. */
    Optional<String> founded() {
        return initialize().value().flatMap(InitializeRecord::systemIdentifier);
    }

    Entry<StatusRecord> status() {
        return Entry.read(cluster.flatMap(snapshot -> snapshot.record(RecordKey.STATUS)), StatusRecord::parse);
    }

    public Optional<Lock> lock() {
        return cluster.flatMap(Snapshot::leader);
    }

    public Optional<MemberRecord> member(String name) {
        return Entry.read(cluster.map(Snapshot::members).map(members -> members.get(name)), MemberRecord::parse)
                .value();
    }

    /** The text that the store shows as the member's record. */
    public Optional<String> stored(String member) {
        return cluster.map(Snapshot::members)
                .map(members -> members.get(member))
                .map(Stored::value);
    }

    Optional<Address> addressOf(String name) {
        return member(name).flatMap(MemberRecord::address);
    }
}
