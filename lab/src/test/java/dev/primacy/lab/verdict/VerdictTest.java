// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.postgres.Lsn;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Times are in milliseconds; each row takes 100 bytes of WAL. */
class VerdictTest {
    private static final long BOUND = 1000;

    private final List<Ack> acks = new ArrayList<>();
    private final BitSet survivors = new BitSet();

    @Test
    void aFailoverCostsItsGapAndNothingElse() {
        write("fra1", 1, 0, 100, 10);
        write("fra2", 1, 740, 1000, 10);
        Verdict verdict = judge(incident("b", false, 105, 1000));
        assertThat(verdict.passed()).isTrue();
        assertThat(verdict.twoWritable()).isZero();
        Outcome outcome = verdict.outcomes().get(0);
        assertThat(outcome.outage()).isEqualTo(new Interval(at(100), at(740)));
        assertThat(outcome.acknowledged()).isEqualTo(27);
        assertThat(outcome.lost()).isZero();
    }

    @Test
    void aRowAcknowledgedJustBeforeTheKillIsLostByTheKill() {
        write("fra1", 1, 0, 100, 10);
        write("fra1", 2, 200, 400, 10);
        write("ams1", 1, 900, 1000, 10);
        lose(acks.get(11 + 20).id(), acks.get(11 + 19).id());
        Verdict verdict = judge(incident("a", false, 105, 390), incident("c", false, 405, 1000));
        assertThat(verdict.outcomes()).extracting(Outcome::lost).containsExactly(0, 2);
        assertThat(verdict.outcomes()).extracting(Outcome::lostBytes).containsExactly(0L, 200L);
        assertThat(verdict.passed()).isTrue();
    }

    @Test
    void nothingMayBeLostByPlan() {
        write("ams1", 1, 0, 100, 10);
        write("fra1", 1, 300, 400, 10);
        lose(acks.get(10).id());
        assertThat(judge(incident("e", true, 50, 400)).problems())
                .containsExactly("(e) title was planned, and lost 1 rows");
    }

    @Test
    void anUnplannedLossHasItsBound() {
        write("fra1", 1, 0, 200, 10);
        write("fra2", 1, 700, 800, 10);
        IntStream.range(5, 21).forEach(i -> lose(acks.get(i).id()));
        assertThat(judge(incident("b", false, 205, 800)).problems())
                .containsExactly("(b) title lost 1600 bytes of WAL, more than the bound of 1000");
    }

    @Test
    void aStalePrimaryThatWritesOnIsSeen() {
        write("fra1", 1, 0, 500, 10);
        write("fra2", 1, 400, 800, 10);
        Verdict verdict = judge(incident("f", false, 105, 800));
        assertThat(verdict.twoWritable()).isEqualTo(Duration.ofMillis(100));
        assertThat(verdict.problems()).containsExactly("two nodes accepted writes at the same time, for 100.0 ms");
    }

    @Test
    void aStalePrimaryThatWritesOneRowAfterItsThawIsSeen() {
        write("fra1", 1, 0, 100, 10);
        write("fra2", 1, 400, 800, 10);
        write("fra1", 2, 600, 600, 10);
        Verdict verdict = judge(incident("f", false, 105, 800));
        assertThat(verdict.twoWritable()).isPositive();
        assertThat(verdict.passed()).isFalse();
    }

    @Test
    void goingThereAndBackIsNoOverlap() {
        write("fra1", 1, 0, 100, 10);
        write("ams1", 1, 200, 300, 10);
        write("fra1", 2, 400, 500, 10);
        assertThat(judge(incident("e", true, 50, 500)).passed()).isTrue();
    }

    @Test
    void anOutageWithoutEndLastsAsLongAsWasWatched() {
        write("fra1", 1, 0, 100, 10);
        Verdict verdict = judge(incident("c", false, 150, 5000));
        assertThat(verdict.outcomes().get(0).outage()).isEqualTo(new Interval(at(100), at(5000)));
    }

    @Test
    void silenceIsNoSuccess() {
        assertThat(judge(incident("a", false, 0, 100)).problems()).containsExactly("no row was acknowledged at all");
    }

    private Verdict judge(Incident... incidents) {
        return Verdict.of(List.of(incidents), acks, survivors, BOUND);
    }

    private static Incident incident(String key, boolean planned, int from, int to) {
        return new Incident(key, "title", planned, new Interval(at(from), at(to)));
    }

    /** One row every {@code step}, from the first time to the last. */
    private void write(String node, int streak, int from, int to, int step) {
        for (int time = from; time <= to; time += step) {
            int id = acks.size() + 1;
            acks.add(new Ack(id, node, streak, new Lsn(id * 100L), at(time - 1), at(time)));
            survivors.set(id);
        }
    }

    private void lose(long... ids) {
        for (long id : ids) {
            survivors.clear((int) id);
        }
    }

    private static MonotonicInstant at(int millis) {
        return new MonotonicInstant(millis * 1_000_000L);
    }
}
