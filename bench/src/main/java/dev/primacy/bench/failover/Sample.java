// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.lab.LabException;
import dev.primacy.lab.Node;
import dev.primacy.lab.Writer;
import dev.primacy.lab.verdict.Ack;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** One fault in a cluster that is well and under load, and what a writer noticed of it. */
final class Sample {
    private static final Duration PACE = Duration.ofMillis(10);
    private static final Duration CALM = Duration.ofSeconds(2);

    private final Rig rig;
    private final Scenario scenario;
    private final Random random;
    private final Writer writer;
    private final Node old;
    private final MonotonicInstant begin;

    private Sample(Rig rig, Scenario scenario, Random random, Writer writer, Node old) {
        this.rig = rig;
        this.scenario = scenario;
        this.random = random;
        this.writer = writer;
        this.old = old;
        this.begin = rig.clock.now();
    }

    /**
     * What a sample has shown.
     *
     * @param figure of the scenario
     * @param verdict of the run's writes
     */
    record Result(Duration figure, Verdict verdict) {}

    /** Does it at a random time between two rounds. */
    static Result take(Rig rig, Scenario scenario, Random random, Loops loops) {
        rig.cluster.awaitSettled(rig.profile.patience());
        long round = rig.profile.round().toMillis();
        rig.await.pause(Duration.ofMillis(round / 2 + random.nextLong(round)));
        Node old = rig.cluster.requirePrimary();
        try (Writer writer = new Writer(rig.cluster.nodes(), rig.rows, PACE, loops, rig.clock)) {
            rig.await.until(
                    "rows acknowledged",
                    rig.profile.patience(),
                    () -> writer.acks().latest().isPresent());
            rig.await.pause(CALM);
            Sample sample = new Sample(rig, scenario, random, writer, old);
            try {
                scenario.play(sample);
            } finally {
                rig.heal();
            }
            sample.awaitCalm();
            rig.cluster.awaitSettled(rig.profile.patience());
            rig.await.pause(CALM);
            writer.close();
            return sample.judge();
        }
    }

    private Result judge() {
        Incident incident = new Incident(
                scenario.key(), scenario.title, scenario == Scenario.A, new Interval(begin, rig.clock.now()));
        List<Ack> acks = writer.acks().all();
        Verdict verdict =
                Verdict.of(List.of(incident), acks, Writer.rowsOf(rig.cluster.requirePrimary()), Rig.LOSS_BOUND);
        Duration figure = switch (scenario.figure) {
            case OUTAGE -> verdict.outcomes().get(0).outage().length();
            case TAKEOVER -> begin.until(firstOfOther().orElseThrow().acked());
            case READ_ONLY -> begin.until(lastOfOld());
        };
        return new Result(figure, verdict);
    }

    /** Of its time as primary at the begin: it may lead again later. */
    private MonotonicInstant lastOfOld() {
        Optional<Ack> next = writer.acks().resumed(lastBefore());
        return writer.acks().all().stream()
                .filter(ack -> ack.node().equals(old.name()))
                .filter(ack -> next.filter(first -> !ack.acked().isBefore(first.acked()))
                        .isEmpty())
                .map(Ack::acked)
                .reduce(begin, (a, b) -> b.isAfter(a) ? b : a);
    }

    private Ack lastBefore() {
        return writer.acks().all().stream()
                .filter(ack -> ack.acked().isBefore(begin))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private Optional<Ack> firstOfOther() {
        return writer.acks()
                .first(ack -> ack.sent().isAfter(begin) && !ack.node().equals(old.name()));
    }

    Rig rig() {
        return rig;
    }

    /** Who led when the fault was made. */
    Node old() {
        return old;
    }

    /** Any of those that did not lead. */
    Node other() {
        List<Node> others =
                rig.cluster.nodes().stream().filter(node -> !node.equals(old)).toList();
        return others.get(random.nextInt(others.size()));
    }

    void awaitOther() {
        rig.await.until(
                "rows acknowledged by another node",
                rig.profile.patience(),
                () -> firstOfOther().isPresent());
    }

    /** As {@link #awaitOther}; then the old primary goes on while the new one accepts writes. */
    void awaitOtherAndThaw() {
        awaitOther();
        rig.await.pause(Duration.ofSeconds(3));
        old.thaw();
        rig.await.pause(CALM.plus(rig.profile.round()));
    }

    void awaitAny() {
        rig.await.until(
                "rows acknowledged again",
                rig.profile.patience(),
                () -> writer.acks().resumed(lastBefore()).isPresent());
    }

    /** Until rows have been acknowledged without a break for a while. */
    void awaitCalm() {
        MonotonicInstant end = rig.clock.now().plus(rig.profile.patience());
        Duration longest = Duration.ofSeconds(1);
        MonotonicInstant since = rig.clock.now();
        while (since.until(rig.clock.now()).compareTo(CALM.plus(longest)) < 0) {
            rig.await.pause(PACE);
            MonotonicInstant now = rig.clock.now();
            boolean fresh = writer.acks()
                    .latest()
                    .filter(ack -> ack.acked().plus(longest).isAfter(now))
                    .isPresent();
            if (!fresh) {
                since = now;
            }
            if (now.isAfter(end)) {
                throw new LabException("waited in vain for rows to be acknowledged steadily");
            }
        }
    }

    /** How long no more than a lease can last, and a while. */
    Duration untilLeaseEnds() {
        return Duration.ofSeconds(rig.profile.ttl + 2L);
    }
}
