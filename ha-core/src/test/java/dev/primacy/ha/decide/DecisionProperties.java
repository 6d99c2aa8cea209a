// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every decision, whatever was observed, junk in the store included. */
class DecisionProperties {
    @Property(tries = 5000)
    void totalAndDeterministic(@ForAll("seen") Seen seen) {
        Decision once = seen.decide();
        assertThat(once.reason()).isNotBlank();
        assertThat(seen.decide()).isEqualTo(once);
    }

    /** The claim: what makes or keeps a primary needs both rights. */
    @Property(tries = 5000)
    void onlyWhoMayWriteBecomesOrStaysPrimary(@ForAll("seen") Seen seen) {
        Decision decision = seen.decide();
        Observation of = seen.build();
        boolean needsRight = decision instanceof Decision.Promote
                || decision instanceof Decision.StartPrimary
                || decision instanceof Decision.Bootstrap
                || decision instanceof Decision.Lead;
        if (needsRight) {
            assertThat(of.mayWrite()).isTrue();
        }
        if (of.runsAsPrimary() && !of.mayWrite() && of.action().isEmpty()) {
            assertThat(decision).isInstanceOfAny(Decision.Stop.class, Decision.HandOver.class);
        }
    }

    /** The claim: nobody accepts writes in a database that is not that of all, and only what was never used is removed. */
    @Property(tries = 5000)
    void onlyTheDatabaseOfAllIsWrittenTo(@ForAll("seen") Seen seen) {
        Decision decision = seen.decide();
        Observation of = seen.build();
        if (decision instanceof Decision.Promote
                || (decision instanceof Decision.StartPrimary && of.neverUsed())
                || (decision instanceof Decision.Write write
                        && write.write().key().equals(RecordKey.INITIALIZE))) {
            boolean inGroup = of.site() instanceof SiteStanding.Leader;
            assertThat(of.site())
                    .isInstanceOfAny(SiteStanding.Single.class, SiteStanding.Leader.class, SiteStanding.Standby.class);
            assertThat(inGroup && !of.isOfGroup()).isFalse();
            assertThat(decision instanceof Decision.Write || of.founded().equals(of.systemIdentifier()))
                    .isTrue();
        }
        if (decision instanceof Decision.DiscardUnused discard) {
            assertThat(of.neverUsed()).isTrue();
            assertThat(of.systemIdentifier()).contains(discard.systemIdentifier());
            assertThat(of.founded()).isNotEqualTo(of.systemIdentifier());
        }
        if (of.neverUsed()) {
            assertThat(decision).isNotInstanceOfAny(Decision.StartStandby.class, Decision.Rejoin.class);
        }
    }

    /** Data of another system identifier is neither followed, nor rewound, nor wiped, nor served. */
    @Property(tries = 5000)
    void foreignDataIsLeftAlone(@ForAll("seen") Seen seen) {
        Seen foreign = seen.record(RecordKey.INITIALIZE, Seen.SYSTEM).system(Seen.FOREIGN);
        Observation of = foreign.build();
        if (of.systemIdentifier().isPresent()
                && of.cluster().isPresent()
                && of.action().isEmpty()) {
            if (foreign.isPaused()) {
                // A person may be at work there.
                assertThat(foreign.decide())
                        .isInstanceOfAny(Decision.Stop.class, Decision.Wait.class, Decision.Release.class);
            } else if (of.neverUsed()) {
                assertThat(foreign.decide()).isInstanceOfAny(Decision.DiscardUnused.class, Decision.Refuse.class);
            } else {
                assertThat(foreign.decide()).isInstanceOfAny(Decision.Stop.class, Decision.Refuse.class);
            }
        }
    }

    /** The claim: nothing that a person asks of a member delays fencing, wipes a leader or what may be the only copy. */
    @Property(tries = 5000)
    void anOrderComesLast(@ForAll("seen") Seen seen, @ForAll("orders") Order order) {
        Decision usual = seen.decide();
        Decision decision = seen.ordered(order).decide();
        Observation of = seen.build();
        boolean waits = usual instanceof Decision.Wait
                || usual instanceof Decision.Lead
                || usual instanceof Decision.LeadStandby
                || usual instanceof Decision.Feed
                || usual instanceof Decision.Clone
                || usual instanceof Decision.Rejoin
                || usual instanceof Decision.StartStandby;
        if (!waits) {
            assertThat(decision).isEqualTo(usual);
        }
        if (decision instanceof Decision.Restart restart) {
            assertThat(restart.primary()).isEqualTo(of.runsAsPrimary());
            assertThat(!restart.primary() || of.mayWrite()).isTrue();
        }
        if (decision instanceof Decision.Reinitialize anew) {
            assertThat(of.lease()).isEmpty();
            assertThat(of.runsAsPrimary()).isFalse();
            assertThat(of.lock().orElseThrow().holder()).isEqualTo("other");
            assertThat(of.founded()).contains(anew.systemIdentifier());
            assertThat(of.systemIdentifier().orElse(anew.systemIdentifier())).isEqualTo(anew.systemIdentifier());
        }
    }

    @Provide
    Arbitrary<Order> orders() {
        return Arbitraries.of(
                new Order.Reinitialize(false, false),
                new Order.Reinitialize(true, true),
                new Order.Restart(Optional.empty(), Optional.empty(), false, Optional.empty(), JsonObject.EMPTY),
                new Order.Reload());
    }

    @Provide
    Arbitrary<Seen> seen() {
        Arbitrary<SiteStanding> sites = Arbitraries.of(
                new SiteStanding.Single(),
                new SiteStanding.Leader(3, Optional.of(Seen.SYSTEM), Set.of("ams")),
                new SiteStanding.Leader(3, Optional.of(Seen.FOREIGN), Set.of("ams")),
                new SiteStanding.Leader(1, Optional.empty(), Set.of()),
                new SiteStanding.HandingOver("ams", Optional.of("m1")),
                new SiteStanding.Behind("too little"),
                new SiteStanding.Standby("ams", Optional.of(Seen.REMOTE)),
                new SiteStanding.Standby("ams", Optional.empty()),
                new SiteStanding.Unknown("no news"),
                new SiteStanding.Foreign("1", Seen.SYSTEM),
                new SiteStanding.Foreign(Seen.SYSTEM, Seen.FOREIGN));
        Arbitrary<String> junk = Arbitraries.oneOf(
                Arbitraries.of(
                        Seen.SYSTEM, "", "{}", "{\"optime\":7}", "null", "[1]", "9".repeat(40), "{\"optime\":\"x\"}"),
                Arbitraries.strings().ofMaxLength(20));
        Arbitrary<Seen> base = Combinators.combine(
                        Arbitraries.of(State.values()),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(true, false),
                        sites,
                        junk,
                        junk,
                        Arbitraries.integers().between(0, 10))
                .as((state, lock, primary, site, initialize, status, extra) -> {
                    Seen seen = new Seen().site(site).record(RecordKey.STATUS, status);
                    seen = primary ? seen.primary() : seen;
                    seen = seen.state(state);
                    seen = initialize.equals("null")
                            ? seen.without(RecordKey.INITIALIZE)
                            : seen.record(RecordKey.INITIALIZE, initialize);
                    seen = List.<java.util.function.UnaryOperator<Seen>>of(
                                    s -> s, Seen::noLeader, Seen::leading, Seen::lockOfFormerSession)
                            .get(lock)
                            .apply(seen);
                    return extra(seen, extra);
                });
        return base;
    }

    private static Seen extra(Seen seen, int which) {
        return switch (which) {
            case 0 -> seen.unreachable();
            case 1 -> seen.unguarded();
            case 2 -> seen.wasPrimaryInThisTerm();
            case 3 -> seen.acting(true);
            case 4 -> seen.notServingFor(Duration.ofHours(1)).peer(new Peer(false, 9, new Lsn(1)));
            case 5 -> seen.neverUsed();
            case 6 -> seen.paused();
            case 7 -> seen.fedTo(5000).cleanly().asked("{\"leader\":\"me\",\"member\":\"other\"}");
            case 8 -> seen.asked("{\"member\":\"me\"}").paused();
            case 9 -> seen.joining(Seen.FORMER);
            default -> seen;
        };
    }
}
