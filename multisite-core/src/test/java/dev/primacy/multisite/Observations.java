// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static net.jqwik.api.Arbitraries.longs;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.multisite.SiteStanding.Standby;
import dev.primacy.multisite.SiteStanding.Unknown;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Anything that a member could see, records by foreign hands included. */
final class Observations {
    private static final String[] JUNK = {
        "",
        " ",
        "{}",
        "[]",
        "null",
        "{",
        "[null]",
        "[[1]]",
        "\u0000",
        "-1",
        "99999999999999999999",
        "{\"sysid\":{}}",
        "true"
    };

    private Observations() {}

    static Arbitrary<SiteObservation> all() {
        return Combinators.combine(
                        snapshots().optional(0.9),
                        facts(),
                        locks().optional(0.5),
                        instants().optional(),
                        standings(),
                        Arbitraries.of(true, false),
                        instants().optional())
                .as((group, facts, lease, leaderless, before, stopTold, handing) -> new SiteObservation(
                        Seen.NOW,
                        group,
                        facts,
                        lease.map(lock -> new Lease(lock, Seen.NOW.plus(Duration.ofSeconds(1)))),
                        leaderless,
                        before,
                        stopTold,
                        handing));
    }

    private static Arbitrary<Snapshot> snapshots() {
        Arbitrary<Map<RecordKey, Stored>> records = Combinators.combine(
                        initialize(), switchovers(), numbers(), statuses(), histories())
                .as((initialize, failover, epoch, status, history) -> {
                    Map<RecordKey, Stored> all = new HashMap<>();
                    initialize.ifPresent(value -> all.put(RecordKey.INITIALIZE, stored(value)));
                    failover.ifPresent(value -> all.put(RecordKey.FAILOVER, stored(value)));
                    epoch.ifPresent(value -> all.put(RecordKey.EPOCH, stored(value)));
                    status.ifPresent(value -> all.put(RecordKey.STATUS, stored(value)));
                    history.ifPresent(value -> all.put(RecordKey.HISTORY, stored(value)));
                    return all;
                });
        Arbitrary<TreeMap<String, Stored>> members = Arbitraries.maps(Arbitraries.of("a", "b", "c"), members())
                .ofMaxSize(3)
                .map(TreeMap::new);
        return Combinators.combine(locks().optional(0.7), members, records).as(Snapshot::new);
    }

    private static Stored stored(String value) {
        return new Stored(value, new Version(value.hashCode()));
    }

    private static Arbitrary<Lock> locks() {
        return Arbitraries.of(Seen.OF_A1, Seen.OF_A2, Seen.OF_B);
    }

    private static Arbitrary<MonotonicInstant> instants() {
        return longs().between(0, Seen.NOW.nanos()).map(MonotonicInstant::new);
    }

    private static Arbitrary<String> junk() {
        return Arbitraries.oneOf(Arbitraries.of(JUNK), Arbitraries.strings().ofMaxLength(12));
    }

    /** Mostly what belongs there; sometimes nothing, sometimes anything. */
    private static Arbitrary<Optional<String>> mostly(Arbitrary<String> proper) {
        return Arbitraries.frequencyOf(
                Tuple.of(6, proper.map(Optional::of)),
                Tuple.of(2, Arbitraries.just(Optional.empty())),
                Tuple.of(1, junk().map(Optional::of)));
    }

    private static Arbitrary<Optional<String>> initialize() {
        return mostly(
                Arbitraries.of(Seen.OURS, Seen.OTHER, "{\"sysid\":\"" + Seen.OURS + "\"}", "{\"sysid\":\"\"}", ""));
    }

    private static Arbitrary<Optional<String>> switchovers() {
        return mostly(Combinators.combine(
                        Arbitraries.of("a", "b", "c"), positions().optional())
                .as((target, stop) -> "{\"target_site\":\"" + target + "\""
                        + ",\"target_member\":\"a1\""
                        + stop.map(at -> ",\"shutdown_lsn\":" + at.lsn() + ",\"shutdown_timeline\":" + at.timeline())
                                .orElse("")
                        + "}"));
    }

    private static Arbitrary<Optional<String>> numbers() {
        return mostly(longs().between(0, 9).map(String::valueOf));
    }

    private static Arbitrary<Optional<String>> statuses() {
        return mostly(Combinators.combine(positions(), longs().between(16, 18))
                .as((at, term) -> "{\"optime\":" + at.lsn() + ",\"timeline\":" + at.timeline()
                        + ",\"site\":\"a\",\"local_term\":" + term + "}"));
    }

    private static Arbitrary<Optional<String>> histories() {
        return mostly(Arbitraries.of("a", "b").map(site -> "[{\"last_leader\":\"" + site + "\"}]"));
    }

    private static Arbitrary<Stored> members() {
        Arbitrary<String> proper = Combinators.combine(positions(), Arbitraries.of(Seen.OURS, Seen.OTHER, ""))
                .as((at, system) -> "{\"host\":\"h\",\"port\":5432,\"member\":\"m\",\"sysid\":\"" + system
                        + "\",\"timeline\":" + at.timeline() + ",\"lsn\":" + at.lsn() + "}");
        return mostly(proper).map(value -> stored(value.orElse("{}")));
    }

    private static Arbitrary<Position> positions() {
        return Combinators.combine(longs().between(1, 4), longs().between(4900, 5100), longs().between(4900, 5100))
                .as((timeline, one, other) -> new Position(timeline, Math.max(one, other), Math.min(one, other)));
    }

    private static Arbitrary<SiteFacts> facts() {
        return Combinators.combine(
                        Arbitraries.just(Seen.TERM).optional(0.7),
                        Arbitraries.of(Seen.OURS, Seen.OURS, Seen.OTHER).optional(0.8),
                        positions().optional(0.8),
                        Arbitraries.of(true, false),
                        positions()
                                .map(at -> new Stopped(at.timeline(), at.lsn()))
                                .optional(0.3),
                        followers().optional(0.9))
                .as((term, system, position, primary, stopped, followers) ->
                        new SiteFacts("a1", term, Seen.address("a"), system, position, primary, stopped, followers));
    }

    private static Arbitrary<List<Follower>> followers() {
        return Combinators.combine(Arbitraries.of("b", "c"), Arbitraries.of("m", "other"), longs().between(4900, 5100))
                .as(Follower::new)
                .list()
                .ofMaxSize(2);
    }

    private static Arbitrary<SiteStanding> standings() {
        return Arbitraries.of(
                new Leader(4, Optional.of(Seen.OURS), Set.of("b")),
                new Leader(0, Optional.empty(), Set.of()),
                new HandingOver("b", Optional.of("m")),
                new HandingOver("b", Optional.empty()),
                new Standby("b", Optional.empty()),
                new Unknown("junk"));
    }
}
