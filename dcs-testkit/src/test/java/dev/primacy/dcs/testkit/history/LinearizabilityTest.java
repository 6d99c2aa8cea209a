// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.testkit.history.Operation.Action;
import dev.primacy.dcs.testkit.history.Operation.Condition;
import dev.primacy.dcs.testkit.history.Operation.Read;
import dev.primacy.dcs.testkit.history.Operation.Refused;
import dev.primacy.dcs.testkit.history.Operation.Write;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    @Test
    void aReadMayNotSeeWhatWasOverwrittenBefore() {
        assertThat(problem(op(0, 1, blind("1")), op(2, 3, blind("2")), op(4, 5, read("1"))))
                .isPresent();
        assertThat(problem(op(0, 1, blind("1")), op(2, 5, blind("2")), op(3, 4, read("1"))))
                .isEmpty();
    }

    @Test
    void whatWasReadOnceStaysTrue() {
        assertThat(problem(op(0, 9, blind("1")), op(1, 2, read("1")), op(3, 4, new Read(Optional.empty()))))
                .isPresent();
    }

    @Test
    void twoCannotReplaceTheSame() {
        assertThat(problem(op(0, 1, blind("1")), op(2, 9, replace("1", "2")), op(2, 9, replace("1", "3"))))
                .isPresent();
    }

    @Test
    void aRefusalNeedsAReason() {
        assertThat(problem(op(0, 1, blind("1")), op(2, 3, new Refused(Condition.of(Optional.of("1"))))))
                .isPresent();
        assertThat(problem(op(0, 1, blind("1")), op(2, 3, new Refused(Condition.of(Optional.empty())))))
                .isEmpty();
    }

    @Test
    void whatNobodyHeardTheEndOfMayHappenLateOrNever() {
        Operation unheard = new Operation("c", RecordKey.CONFIG, blind("2"), at(2), Optional.empty());
        assertThat(problem(op(0, 1, blind("1")), unheard, op(5, 6, read("1")), op(7, 8, read("2"))))
                .isEmpty();
        assertThat(problem(op(0, 1, blind("1")), unheard, op(5, 6, read("2")), op(7, 8, read("1"))))
                .isPresent();
        assertThat(problem(op(0, 1, blind("1")), unheard, op(5, 6, read("1")))).isEmpty();
    }

    @Test
    void nobodyWroteThat() {
        assertThat(problem(op(0, 1, read("1")))).isPresent();
    }

    /** A register that does one thing at a time, seen by clients whose calls and answers take their time. */
    @Property(tries = 200)
    void whatARegisterDoesIsAlwaysInOrder(@ForAll long seed) {
        List<Operation> operations = registered(new Random(seed), false);
        assertThat(Linearizability.problem(operations)).isEmpty();
    }

    @Property(tries = 200)
    void aRegisterThatIsOneWriteBehindIsFoundOut(@ForAll long seed) {
        List<Operation> operations = registered(new Random(seed), true);
        assertThat(Linearizability.problem(operations)).isPresent();
    }

    private static List<Operation> registered(Random random, boolean behind) {
        List<Operation> operations = new ArrayList<>();
        Optional<String> value = Optional.empty();
        for (int i = 0; i < 150; i++) {
            long moment = 10 + 10L * i;
            // Short calls of a single client would hide nothing, so a store that is behind gets no excuse by overlap.
            long before = behind ? 1 : random.nextInt(60);
            long after = behind ? 1 : random.nextInt(60);
            if (random.nextBoolean()) {
                Optional<String> next = Optional.of("v" + i);
                operations.add(op(moment - before, moment + after, new Write(Condition.of(value), next)));
                Optional<String> old = value;
                value = next;
                if (behind) {
                    operations.add(op(moment + 2, moment + 3, new Read(old)));
                }
            } else {
                operations.add(op(moment - before, moment + after, new Read(value)));
            }
        }
        return operations;
    }

    private static Optional<String> problem(Operation... operations) {
        return Linearizability.problem(List.of(operations));
    }

    private static Operation op(long invoked, long returned, Action action) {
        return new Operation("c", RecordKey.CONFIG, action, at(invoked), Optional.of(at(returned)));
    }

    private static MonotonicInstant at(long nanos) {
        return new MonotonicInstant(nanos);
    }

    private static Action blind(String value) {
        return new Write(Condition.NONE, Optional.of(value));
    }

    private static Action replace(String value, String by) {
        return new Write(Condition.of(Optional.of(value)), Optional.of(by));
    }

    private static Action read(String value) {
        return new Read(Optional.of(value));
    }
}
