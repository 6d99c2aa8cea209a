// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.FailsafeRecord;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Acquire;
import dev.primacy.ha.decide.Decision.Cancel;
import dev.primacy.ha.decide.Decision.GiveUp;
import dev.primacy.ha.decide.Decision.HandOver;
import dev.primacy.ha.decide.Decision.Lead;
import dev.primacy.ha.decide.Decision.Refuse;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Stop;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.ha.decide.Decision.Write;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.ControlData;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The table that decides for a member: total, deterministic, without I/O. Read {@link #decide} from top to bottom; the
 * first row that fits decides. What people ask of this member comes last: {@link Ordered}.
 */
public final class Decisions {
    private Decisions() {}

    public static Decision decide(Observation seen, HaConfig config) {
        return Ordered.decide(seen, config, unasked(seen, config));
    }

    private static Decision unasked(Observation seen, HaConfig config) {
        if (seen.action().isPresent()) {
            return whileActing(seen, config, seen.action().get());
        }
        return idle(seen, config);
    }

    private static Decision idle(Observation seen, HaConfig config) {
        if (config.cluster().paused()) {
            Optional<Decision> paused = Paused.decide(seen, config);
            if (paused.isPresent()) {
                return paused.get();
            }
        }
        if (seen.state() == State.BROKEN_DATA) {
            return new Refuse("the data directory holds something that is no usable database; nothing was touched. "
                    + "Look at it, move it away, and this member copies the database anew");
        }
        if (seen.hasProcess() && !seen.guarded()) {
            // Left by an earlier agent: nothing would stop it at the end of a lease.
            return new Stop(StopMode.FAST, "PostgreSQL runs without a guard of this agent; restarting it under one");
        }
        if (seen.neverUsed()) {
            return NeverUsed.decide(seen, config);
        }
        Optional<String> foreign = foreign(seen);
        if (foreign.isPresent()) {
            return seen.runsAsPrimary()
                    ? new Stop(StopMode.IMMEDIATE, foreign.get())
                    : config.cluster().paused() ? Paused.foreign(seen, foreign.get()) : new Refuse(foreign.get());
        }
        if (seen.runsAsPrimary()) {
            return asPrimary(seen, config);
        }
        if (seen.memory().primaryTerm().isPresent()
                && seen.hasProcess()
                && !seen.mayWrite()
                && seen.state() != State.RUNNING) {
            return new Stop(StopMode.IMMEDIATE, "demoting self: " + missingRight(seen));
        }
        if (seen.cluster().isEmpty()) {
            return seen.state() == State.STOPPED
                    ? new StartStandby("DCS is not accessible; starting read-only")
                    : new Wait("DCS is not accessible");
        }
        return unreadable(seen).orElseGet(() -> byLock(seen, config));
    }

    /** Whether a decision needs to know how far the data of other members goes now. */
    public static boolean asksPeers(Observation seen, HaConfig config) {
        if (seen.cluster().isEmpty()) {
            return false;
        }
        if (seen.lock().isEmpty()) {
            // Whom a person has named need not wait for those who do not answer.
            return seen.state() == State.RUNNING && seen.action().isEmpty() && !Switchover.isCandidate(seen, config);
        }
        if (seen.lease().isPresent() && seen.action().isEmpty() && WithLock.isOverdue(seen, config)) {
            return true;
        }
        return seen.lease().isPresent()
                && seen.postgres().server().isEmpty()
                && seen.postgres()
                        .control()
                        .filter(ControlData::primaryShutDownCleanly)
                        .isPresent()
                && Switchover.asked(seen, config).isPresent();
    }

    /** Whether a decision needs to know what the server's data says of its timelines. */
    public static boolean asksTimelines(Observation seen) {
        return Timelines.areUntold(seen);
    }

    /** How long until something is due that a person has scheduled. */
    public static Optional<Duration> untilScheduled(Observation seen) {
        return Stream.concat(Switchover.untilDue(seen).stream(), Ordered.untilDue(seen).stream())
                .min(Comparator.naturalOrder());
    }

    static Optional<Decision> unreadable(Observation seen) {
        return seen.initialize() instanceof Entry.Corrupt<InitializeRecord> corrupt
                ? Optional.of(new Wait("the initialize key cannot be read: " + corrupt.reason()
                        + "; put the system identifier there by hand"))
                : Optional.empty();
    }

    private static Decision byLock(Observation seen, HaConfig config) {
        if (seen.lock().isEmpty()) {
            return NoLeader.decide(seen, config);
        }
        if (!seen.lock().get().holder().equals(config.name())) {
            return WithoutLock.decide(seen, config, seen.lock().get().holder());
        }
        if (seen.lease().isPresent()) {
            return WithLock.decide(seen, config);
        }
        return ofFormerSession(seen, config);
    }

    static Decision ofFormerSession(Observation seen, HaConfig config) {
        if (NoLeader.staysOut(seen, config)) {
            return new Wait("leaving the leader lock of my former session to others");
        }
        // Ours by name, but of a session before: of this process, or of one that died. Nobody else led since.
        return new Acquire(
                new LockClaim(
                        config.name(),
                        seen.lock(),
                        NoLeader.listedAgain(seen).stream().toList()),
                "taking over the leader lock of my former session");
    }

    private static Decision whileActing(Observation seen, HaConfig config, Observation.Action action) {
        Optional<Decision> passed = Switchover.whileStopping(seen, config);
        if (passed.isPresent()) {
            return passed.get();
        }
        if (action.needsRight() && !seen.mayWrite()) {
            return new Cancel("lost the right to write during " + action.name() + ": " + missingRight(seen));
        }
        return action.asked()
                .flatMap(server -> whyNotWait(server, seen, config))
                .<Decision>map(GiveUp::new)
                .orElseGet(() -> new Wait(action.name() + " in progress"));
    }

    /** A frozen or unplugged server answers nobody, and whoever waits for it would come late to what its end calls for. */
    private static Optional<String> whyNotWait(Upstream asked, Observation seen, HaConfig config) {
        if (seen.cluster().isPresent() && seen.lock().isEmpty()) {
            return Optional.of("not waiting for an answer of " + asked + ": nobody has the leader lock");
        }
        return idle(seen, config)
                .target()
                .filter(now -> !now.equals(asked))
                .map(now -> "not waiting for an answer of " + asked + ": " + now + " is to be followed now");
    }

    private static Decision asPrimary(Observation seen, HaConfig config) {
        if (seen.lease().isPresent() && seen.site() instanceof SiteStanding.HandingOver) {
            return new HandOver("multisite switchover: stopping to hand over; "
                    + seen.site().reason());
        }
        if (seen.lease().isPresent() && config.cluster().standbyOf().isPresent() && !seen.mayWrite()) {
            // Planned: standbys, those of the other cluster among them, get every byte before the server ends.
            return new HandOver("demoting this cluster: standby_cluster is set, "
                    + seen.site().reason());
        }
        if (!seen.mayWrite()) {
            return new Stop(StopMode.IMMEDIATE, "demoting self: " + missingRight(seen));
        }
        return recordFounding(seen)
                .or(() -> recordSettings(seen, config))
                .or(() -> recordFailsafe(seen, config))
                .or(() -> Timelines.record(seen, config))
                .or(() -> Switchover.asPrimary(seen, config))
                .orElseGet(() -> new Lead("the leader with the lock"));
    }

    /** The cluster's {@code config} key, where there is nothing that anybody could read. */
    static Optional<Decision> recordSettings(Observation seen, HaConfig config) {
        Entry<ConfigRecord> there = seen.settings();
        if (seen.cluster().isEmpty()
                || there.value().isPresent()
                || config.stored().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Write(
                RecordWrite.over(there.stored(), RecordKey.CONFIG, new ConfigRecord(config.stored()).encode()),
                there instanceof Entry.Corrupt<ConfigRecord> corrupt
                        ? "writing the last settings over a config key that cannot be read: " + corrupt.reason()
                        : "writing the settings of the cluster"));
    }

    /**
     * Whom a leader without the store has to ask. Only who is listed may claim the lock, so each member is listed before it
     * could be left out; without failsafe mode nobody is, and everybody may.
     */
    static Optional<Decision> recordFailsafe(Observation seen, HaConfig config) {
        if (seen.cluster().isEmpty() || seen.leasePromised()) {
            // Who is added now was not asked for what the right rests on, and might claim the lock before that ends.
            return Optional.empty();
        }
        Map<String, String> wanted = new TreeMap<>();
        if (config.cluster().failsafe()) {
            seen.cluster()
                    .get()
                    .members()
                    .keySet()
                    .forEach(name -> wanted.put(
                            name, seen.member(name).map(MemberRecord::apiUrl).orElse("")));
            wanted.put(config.name(), config.apiUrl());
        }
        Entry<FailsafeRecord> there = seen.failsafe();
        boolean right = there.value()
                .map(record -> record.members().equals(wanted))
                .orElse(wanted.isEmpty() && !(there instanceof Entry.Corrupt<FailsafeRecord>));
        return right
                ? Optional.empty()
                : Optional.of(new Write(
                        RecordWrite.over(
                                there.stored(),
                                RecordKey.FAILSAFE,
                                FailsafeRecord.of(wanted).encode()),
                        wanted.isEmpty()
                                ? "failsafe mode is off"
                                : "telling whom failsafe mode asks: " + wanted.keySet()));
    }

    /**
     * The cluster's {@code initialize} key, as soon as its leader has data and nobody wrote it. In a group only for data
     * that is the group's: the key is never written again.
     */
    static Optional<Decision> recordFounding(Observation seen) {
        if (seen.cluster().isEmpty()
                || !(seen.isOfGroup() || seen.site() instanceof SiteStanding.Standby)
                || seen.founded().isPresent()
                || seen.systemIdentifier().isEmpty()
                || seen.initialize() instanceof Entry.Corrupt<InitializeRecord>) {
            return Optional.empty();
        }
        String identifier = seen.systemIdentifier().get();
        return Optional.of(new Write(
                RecordWrite.over(seen.initialize().stored(), RecordKey.INITIALIZE, identifier),
                "initialized a new cluster with system identifier " + identifier));
    }

    static String missingRight(Observation seen) {
        return seen.lease().isEmpty()
                ? "I do not hold the leader lock"
                : seen.site().reason();
    }

    static Optional<String> foreign(Observation seen) {
        Optional<String> local = seen.systemIdentifier();
        // The group may speak of data that was discarded since.
        if (seen.site() instanceof SiteStanding.Foreign foreign && local.equals(Optional.of(foreign.local()))) {
            return Optional.of(foreign.reason());
        }
        if (local.isEmpty() || seen.founded().isEmpty() || seen.founded().equals(local)) {
            return Optional.empty();
        }
        return Optional.of("system ID mismatch: this data directory has " + local.get() + ", the cluster has "
                + seen.founded().get() + "; nothing was touched. Check scope and data_dir, or move the data away");
    }
}
