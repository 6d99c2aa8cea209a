// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.multisite.SiteDecision.Take;
import dev.primacy.multisite.SiteFacts.Position;
import dev.primacy.multisite.SiteStanding.HandingOver;
import dev.primacy.multisite.SiteStanding.Leader;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of every decision, whatever was seen. */
final class SiteDecisionsProperties {
    private static final int TRIES = 5000;

    @Provide
    Arbitrary<SiteObservation> observations() {
        return Observations.all();
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void totalAndDeterministic(@ForAll("observations") SiteObservation seen) {
        assertThat(decide(seen)).isEqualTo(decide(seen));
        assertThat(decide(seen).standing().reason()).isNotBlank();
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void rightToWriteOnlyWithALeaseThatTheStoreDoesNotDeny(@ForAll("observations") SiteObservation seen) {
        SiteStanding standing = decide(seen).standing();
        if (standing instanceof Leader || standing instanceof HandingOver) {
            assertThat(seen.lease()).isPresent();
            assertThat(seen.leaseReplaced()).isFalse();
            assertThat(seen.group().isEmpty() || seen.facts().localLeader()).isTrue();
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void whoToldItsStopDoesNotLeadBeforeItIsTakenBack(@ForAll("observations") SiteObservation seen) {
        boolean stopped = seen.stopTold()
                && seen.before() instanceof HandingOver
                && !seen.facts().primary();
        boolean founded = seen.initialize()
                .value()
                .flatMap(InitializeRecord::systemIdentifier)
                .isPresent();
        if (stopped && (founded || seen.group().isEmpty())) {
            assertThat(decide(seen).standing()).isNotInstanceOf(Leader.class);
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void lockOfAnotherSiteIsTakenOnlyWithAllThatItsLeaderWrote(@ForAll("observations") SiteObservation seen) {
        if (decide(seen) instanceof Take take
                && take.replacing().filter(lock -> !lock.holder().equals("a")).isPresent()) {
            SiteSwitchover request = seen.switchover().value().orElseThrow().orElseThrow();
            Stopped stop = request.stopped().orElseThrow();
            Position mine = seen.facts().position().orElseThrow();
            assertThat(request.targetSite()).isEqualTo("a");
            assertThat(mine.timeline()).isEqualTo(stop.timeline());
            assertThat(mine.replayed()).isGreaterThan(stop.lsn());
            assertThat(request.targetMember()).contains(seen.facts().member());
            assertThat(take.with()).anyMatch(write -> write.key().equals(RecordKey.FAILOVER));
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void lockIsTakenOnlyForTheGroupsDatabase(@ForAll("observations") SiteObservation seen) {
        if (decide(seen) instanceof Take take) {
            Optional<String> group = seen.initialize().value().flatMap(InitializeRecord::systemIdentifier);
            Optional<String> local = seen.facts().systemIdentifier();
            boolean founds = take.cause().equals(Optional.of("founded"));
            assertThat(founds)
                    .isEqualTo(group.isEmpty()
                            && take.cause().isPresent()
                            && take.replacing().isEmpty());
            if (group.isPresent()) {
                assertThat(local.isEmpty() || local.equals(group)).isTrue();
                assertThat(local).isPresent();
            }
            assertThat(take.replacing()).isEqualTo(seen.lock());
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void freeLockIsTakenWithinTheBoundOfLoss(@ForAll("observations") SiteObservation seen) {
        if (decide(seen) instanceof Take take && take.cause().equals(Optional.of("takeover"))) {
            assertThat(take.lostBytes()).isBetween(0L, Seen.CONFIG.maximumLag());
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void switchoverBeginsOnlyWithAMemberThatStreamsFromHere(@ForAll("observations") SiteObservation seen) {
        if (seen.group().isPresent()
                && !(seen.before() instanceof HandingOver)
                && decide(seen) instanceof SiteDecision.Stand stand
                && stand.standing() instanceof HandingOver handing) {
            Position mine = seen.facts().position().orElseThrow();
            assertThat(handing.member()).isPresent();
            seen.facts()
                    .followers()
                    .ifPresent(all -> assertThat(all)
                            .anyMatch(one -> one.site().equals(handing.target())
                                    && one.member().equals(handing.member().orElseThrow())
                                    && one.flushed() <= mine.lsn()));
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void leaseIsInheritedWithinTheBoundOfLossAndFromNobodyLater(@ForAll("observations") SiteObservation seen) {
        boolean founded = seen.initialize()
                .value()
                .flatMap(InitializeRecord::systemIdentifier)
                .isPresent();
        if (founded && decide(seen) instanceof Take take && take.cause().isEmpty()) {
            assertThat(take.lostBytes()).isBetween(0L, Seen.CONFIG.maximumLag());
            seen.status().value().ifPresent(status -> {
                assertThat(status.localTermOf("a").orElse(0L)).isLessThanOrEqualTo(Seen.TERM);
                assertThat(status.timeline().orElse(0L))
                        .isLessThanOrEqualTo(
                                seen.facts().position().orElseThrow().timeline());
            });
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void everyWriteIsConditional(@ForAll("observations") SiteObservation seen) {
        if (decide(seen) instanceof SiteDecision.Write write) {
            assertThat(write.write().expected()).isNotInstanceOf(Expected.Anything.class);
        }
        if (decide(seen) instanceof Take take) {
            LockClaim claim = SiteClaims.claim(take, seen, Seen.CONFIG, Instant.EPOCH);
            assertThat(claim.with())
                    .noneMatch(write -> write.expected() instanceof Expected.Anything)
                    .extracting(RecordWrite::key)
                    .doesNotHaveDuplicates();
            assertThat(claim.replacing().map(Lock::holder))
                    .isEqualTo(seen.lock().map(Lock::holder));
        }
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE)
    void epochNeverGoesBack(@ForAll("observations") SiteObservation seen) {
        if (decide(seen) instanceof Take take && !take.cause().equals(Optional.of("founded"))) {
            SiteClaims.claim(take, seen, Seen.CONFIG, Instant.EPOCH).with().stream()
                    .filter(write -> write.key().equals(RecordKey.EPOCH))
                    .forEach(write -> assertThat(Long.parseLong(write.value().orElseThrow()))
                            .isEqualTo(
                                    seen.epoch().stored().isEmpty()
                                            ? 1
                                            : seen.epoch().value().orElseThrow() + 1));
        }
    }

    private static SiteDecision decide(SiteObservation seen) {
        return SiteDecisions.decide(seen, Seen.CONFIG);
    }
}
