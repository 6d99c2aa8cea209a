// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.postgres.Lsn;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class VerdictProperties {
    private static final List<String> NODES = List.of("fra1", "fra2", "ams1");
    private static final int END = 1000;

    /** Anything a group could have done, sane or not: one entry is one streak. */
    record Streak(int node, int from, int acks, int step) {}

    @Property(tries = 300)
    void everyLostRowIsCountedExactlyOnce(@ForAll("streaks") List<Streak> streaks, @ForAll Random random) {
        List<Ack> acks = acks(streaks);
        BitSet survivors = new BitSet();
        acks.stream().filter(ack -> random.nextInt(4) > 0).forEach(ack -> survivors.set((int) ack.id()));
        Verdict verdict = Verdict.of(incidents(), acks, survivors, 0);
        assertThat(verdict.lost()).isEqualTo(acks.size() - survivors.cardinality());
        assertThat(verdict.outcomes().stream().mapToInt(Outcome::lost).sum()).isEqualTo(verdict.lost());
    }

    @Property(tries = 300)
    void theOrderOfTheAcksDoesNotMatter(@ForAll("streaks") List<Streak> streaks, @ForAll Random random) {
        List<Ack> acks = acks(streaks);
        Verdict before = Verdict.of(incidents(), acks, new BitSet(), 0);
        Collections.shuffle(acks, random);
        assertThat(Verdict.of(incidents(), acks, new BitSet(), 0).twoWritable()).isEqualTo(before.twoWritable());
    }

    @Property(tries = 300)
    void oneAfterTheOtherNeverOverlaps(@ForAll("streaks") List<Streak> streaks) {
        List<Streak> sequence = new ArrayList<>();
        int free = 0;
        for (Streak streak : streaks) {
            sequence.add(new Streak(streak.node(), free, streak.acks(), streak.step()));
            free += streak.acks() * streak.step() + 1;
        }
        assertThat(Verdict.of(incidents(), acks(sequence), new BitSet(), 0).twoWritable())
                .isZero();
    }

    @Property(tries = 300)
    void anAckInsideAnothersStreakIsAlwaysSeen(
            @ForAll("streaks") @Size(min = 1, max = 5) List<Streak> streaks, @ForAll Random random) {
        List<Streak> spoiled = new ArrayList<>(streaks);
        Streak victim = streaks.get(random.nextInt(streaks.size()));
        int inside = victim.from() + random.nextInt((victim.acks() - 1) * victim.step() + 1);
        spoiled.add(new Streak((victim.node() + 1) % NODES.size(), inside, 1, 1));
        assertThat(Verdict.of(incidents(), acks(spoiled), new BitSet(), 0).twoWritable())
                .isPositive();
    }

    @Property(tries = 300)
    void anOutageHoldsNoAckAndReachesIntoItsWindow(@ForAll("streaks") List<Streak> streaks) {
        List<Ack> acks = acks(streaks);
        for (Outcome outcome : Verdict.of(incidents(), acks, new BitSet(), 0).outcomes()) {
            Interval outage = outcome.outage();
            assertThat(acks)
                    .noneMatch(ack ->
                            ack.acked().isAfter(outage.from()) && ack.acked().isBefore(outage.to()));
            assertThat(outage.common(outcome.incident().time())).isPresent();
            assertThat(outage.length()).isPositive();
        }
    }

    @Provide
    Arbitrary<List<Streak>> streaks() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, NODES.size() - 1),
                        Arbitraries.integers().between(0, END),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.integers().between(1, 15))
                .as(Streak::new)
                .list()
                .ofMaxSize(8);
    }

    private static List<Ack> acks(List<Streak> streaks) {
        List<Ack> acks = new ArrayList<>();
        for (int number = 0; number < streaks.size(); number++) {
            Streak streak = streaks.get(number);
            for (int i = 0; i < streak.acks(); i++) {
                int id = acks.size() + 1;
                MonotonicInstant acked = at(streak.from() + i * streak.step());
                acks.add(new Ack(id, NODES.get(streak.node()), number, new Lsn(id), acked, acked));
            }
        }
        return acks;
    }

    private static List<Incident> incidents() {
        return List.of(
                new Incident("a", "first", false, new Interval(at(100), at(400))),
                new Incident("b", "second", true, new Interval(at(400), at(END))));
    }

    private static MonotonicInstant at(int millis) {
        return new MonotonicInstant(0).plus(Duration.ofMillis(millis));
    }
}
