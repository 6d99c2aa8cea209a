// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.time.LeaseTiming;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An observation of site {@code a}, member {@code a1}, made step by step; each step gives a new one. */
record Seen(SiteObservation observation) {
    static final SiteConfig CONFIG = new SiteConfig(
            "a",
            LeaseTiming.of(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10)),
            100,
            Duration.ofSeconds(10),
            Duration.ofSeconds(2));
    static final MonotonicInstant NOW = new MonotonicInstant(Duration.ofHours(1).toNanos());
    static final String OURS = "7000000000000000001";
    static final String OTHER = "7000000000000000002";
    static final Lock OF_A1 = lock("a", "a1");
    static final Lock OF_A2 = lock("a", "a2");
    static final Lock OF_B = lock("b", "b1");
    /** Of the leader lock of this member's cluster. */
    static final long TERM = 17;

    static final Stopped STOP = new Stopped(3, 5000);

    /** A group with a database, led by nobody; this member speaks for a site with all data, as a standby. */
    static Seen standby() {
        SiteFacts facts = new SiteFacts(
                "a1",
                Optional.of(TERM),
                address("a"),
                Optional.of(OURS),
                Optional.of(new Position(3, 5000, 5000)),
                false,
                Optional.empty(),
                Optional.of(List.of()));
        Seen empty = new Seen(new SiteObservation(
                NOW,
                Optional.of(new Snapshot(Optional.empty(), new TreeMap<>(), Map.of())),
                facts,
                Optional.empty(),
                Optional.of(ago(60)),
                new SiteStanding.Unknown("just started"),
                false,
                Optional.empty()));
        return empty.record(RecordKey.INITIALIZE, OURS)
                .record(RecordKey.EPOCH, "4")
                .status(3, 5000)
                .site("a", 3, 5000);
    }

    /** The leader, its server being the primary that {@code b} streams from. */
    static Seen leader() {
        return standby()
                .lock(OF_A1)
                .leased(OF_A1)
                .primary()
                .site("b", 3, 4900)
                .streaming("b", "b1", 4900)
                .before(new Leader(4, Optional.of(Seen.OURS), Set.of("b")));
    }

    /** The leader in a switchover to {@code b}, its server shut down. */
    static Seen stoppedLeader() {
        return leader().handingOver(2).stopped(STOP).switchover("b");
    }

    /** A site without data. */
    static Seen newborn() {
        return standby().facts(null, null, false, null);
    }

    private static Lock lock(String site, String session) {
        return new Lock(site, session, session.hashCode(), new Version(session.hashCode()));
    }

    static Address address(String site) {
        return new Address("host-" + site, 5432);
    }

    static MonotonicInstant ago(int seconds) {
        return NOW.minus(Duration.ofSeconds(seconds));
    }

    SiteDecision decide() {
        return SiteDecisions.decide(observation, CONFIG);
    }

    Optional<Stored> stored(RecordKey key) {
        return observation.stored(key);
    }

    Seen lock(Lock lock) {
        Snapshot old = group();
        return group(new Snapshot(Optional.of(lock), old.members(), old.records()))
                .leaderlessSince(null);
    }

    Seen site(String name, long timeline, long lsn) {
        return site(name, OURS, timeline, lsn);
    }

    Seen site(String name, String systemIdentifier, long timeline, long lsn) {
        return member(
                name,
                new SiteRecord(
                                address(name),
                                name + "1",
                                "standby_leader",
                                Optional.of(systemIdentifier),
                                Optional.of(timeline),
                                Optional.of(lsn),
                                JsonObject.EMPTY)
                        .encode());
    }

    Seen member(String name, String value) {
        Snapshot old = group();
        TreeMap<String, Stored> members = new TreeMap<>(old.members());
        members.put(name, new Stored(value, new Version(11)));
        return group(new Snapshot(old.leader(), members, old.records()));
    }

    Seen record(RecordKey key, String value) {
        Snapshot old = group();
        Map<RecordKey, Stored> records = new HashMap<>(old.records());
        records.put(key, new Stored(value, new Version(21)));
        return group(new Snapshot(old.leader(), old.members(), records));
    }

    Seen without(RecordKey key) {
        Snapshot old = group();
        Map<RecordKey, Stored> records = new HashMap<>(old.records());
        records.remove(key);
        return group(new Snapshot(old.leader(), old.members(), records));
    }

    Seen status(long timeline, long lsn) {
        return record(RecordKey.STATUS, new StatusRecord(lsn, Optional.of(timeline), JsonObject.EMPTY).encode());
    }

    Seen toldBy(String site, long localTerm) {
        return record(
                RecordKey.STATUS,
                new StatusRecord(5000, Optional.of(3L), JsonObject.EMPTY)
                        .toldBy(site, localTerm)
                        .encode());
    }

    Seen switchover(String target) {
        return record(RecordKey.FAILOVER, SiteSwitchover.requested(target).encode());
    }

    Seen switchover(String target, Stopped stop) {
        return record(
                RecordKey.FAILOVER,
                SiteSwitchover.requested(target).stoppedAt(stop, target + "1").encode());
    }

    Seen primary() {
        return facts(OURS, new Position(3, 5000, 5000), true, null);
    }

    Seen stopped(Stopped stop) {
        return facts(OURS, null, false, stop);
    }

    Seen at(long timeline, long lsn) {
        return at(timeline, lsn, lsn);
    }

    Seen at(long timeline, long received, long replayed) {
        return facts(
                OURS,
                new Position(timeline, received, replayed),
                observation.facts().primary(),
                null);
    }

    /** In place of all followers before. */
    Seen streaming(String site, String member, long flushed) {
        return following(Optional.of(List.of(new Follower(site, member, flushed))));
    }

    Seen following(Optional<List<Follower>> followers) {
        SiteFacts old = observation.facts();
        return facts(new SiteFacts(
                old.member(),
                old.localTerm(),
                old.address(),
                old.systemIdentifier(),
                old.position(),
                old.primary(),
                old.stopped(),
                followers));
    }

    Seen notRunning() {
        return facts(OURS, null, false, null);
    }

    Seen foreignData() {
        return facts(OTHER, new Position(3, 5000, 5000), observation.facts().primary(), null);
    }

    private Seen facts(
            @Nullable String systemIdentifier, @Nullable Position position, boolean primary, @Nullable Stopped stop) {
        SiteFacts old = observation.facts();
        return facts(new SiteFacts(
                old.member(),
                old.localTerm(),
                old.address(),
                Optional.ofNullable(systemIdentifier),
                Optional.ofNullable(position),
                primary,
                Optional.ofNullable(stop),
                old.followers()));
    }

    Seen follower() {
        return facts(observation.facts().withoutLead());
    }

    Seen leased(Lock lock) {
        SiteObservation o = observation;
        Lease lease = new Lease(lock, NOW.plus(Duration.ofSeconds(20)));
        return with(o.group(), o.facts(), Optional.of(lease), o.leaderlessSince(), o.before(), o.stopTold());
    }

    Seen before(SiteStanding standing) {
        SiteObservation o = observation;
        return with(o.group(), o.facts(), o.lease(), o.leaderlessSince(), standing, o.stopTold());
    }

    Seen handingOver(int seconds) {
        SiteObservation o = observation;
        return new Seen(new SiteObservation(
                NOW,
                o.group(),
                o.facts(),
                o.lease(),
                o.leaderlessSince(),
                new HandingOver("b", Optional.of("b1")),
                o.stopTold(),
                Optional.of(ago(seconds))));
    }

    Seen stopTold() {
        SiteObservation o = observation;
        return with(o.group(), o.facts(), o.lease(), o.leaderlessSince(), o.before(), true);
    }

    Seen leaderlessFor(int seconds) {
        return leaderlessSince(ago(seconds));
    }

    private Seen leaderlessSince(@Nullable MonotonicInstant since) {
        SiteObservation o = observation;
        return with(o.group(), o.facts(), o.lease(), Optional.ofNullable(since), o.before(), o.stopTold());
    }

    Seen unanswered() {
        SiteObservation o = observation;
        return with(Optional.empty(), o.facts(), o.lease(), o.leaderlessSince(), o.before(), o.stopTold());
    }

    private Snapshot group() {
        return observation.group().orElseThrow();
    }

    private Seen group(Snapshot snapshot) {
        SiteObservation o = observation;
        return with(Optional.of(snapshot), o.facts(), o.lease(), o.leaderlessSince(), o.before(), o.stopTold());
    }

    private Seen facts(SiteFacts facts) {
        SiteObservation o = observation;
        return with(o.group(), facts, o.lease(), o.leaderlessSince(), o.before(), o.stopTold());
    }

    private Seen with(
            Optional<Snapshot> group,
            SiteFacts facts,
            Optional<Lease> lease,
            Optional<MonotonicInstant> leaderlessSince,
            SiteStanding before,
            boolean stopTold) {
        return new Seen(new SiteObservation(
                NOW, group, facts, lease, leaderlessSince, before, stopTold, observation.handingOverSince()));
    }
}
