// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What several fences promise together. Each of them is tested by itself, against what it really does. */
class FencesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final LinkedBlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final Recorded first = new Recorded("first");
    private final Recorded second = new Recorded("second");
    private MonotonicInstant now = at(0);
    private final Fences fences = new Fences(() -> now, List.of(first, second));

    private final class Recorded implements Fence {
        private final String name;
        private boolean confirms = true;
        private boolean fails;
        private Duration takes = Duration.ZERO;
        private Duration given = Duration.ZERO;
        private CountDownLatch asked = new CountDownLatch(0);
        private CountDownLatch mayAnswer = new CountDownLatch(0);

        Recorded(String name) {
            this.name = name;
        }

        @Override
        public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
            calls.add(name + " armed until " + hard.until(at(0)).negated().toSeconds());
            given = timeout;
            asked.countDown();
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            now = now.plus(takes);
            requireWorking();
            return confirms;
        }

        @Override
        public void disarm() {
            calls.add(name + " disarmed");
            requireWorking();
        }

        private void requireWorking() {
            if (fails) {
                throw new PostgresException(name + " is broken");
            }
        }
    }

    private static MonotonicInstant at(long second) {
        return new MonotonicInstant(Duration.ofSeconds(1000 + second).toNanos());
    }

    private boolean arm(Fence fence, long hard) {
        return fence.arm(at(hard - 2), at(hard), SECOND);
    }

    @Test
    void allMustConfirm() {
        assertThat(arm(fences, 10)).isTrue();
        assertThat(calls).containsExactly("first armed until 10", "second armed until 10");
        assertThatCode(() -> fences.requireArmed("promote")).doesNotThrowAnyException();
        now = at(8);
        assertThatThrownBy(() -> fences.requireArmed("promote")).hasMessageContaining("promote refused");
    }

    @Test
    void oneThatDoesNotConfirmIsEnough() {
        second.confirms = false;
        assertThat(arm(fences, 10)).isFalse();
        assertThatThrownBy(() -> fences.requireArmed("promote")).hasMessageContaining("not armed");
    }

    /** The others keep the deadline that they had, which comes sooner. */
    @Test
    void whatOneRefusesIsNotGivenToTheNext() {
        first.fails = true;
        assertThat(arm(fences, 10)).isFalse();
        assertThat(calls).containsExactly("first armed until 10");
    }

    @Test
    void aRenewalThatIsNotConfirmedEndsTheRight() {
        arm(fences, 10);
        second.fails = true;
        assertThat(arm(fences, 20)).isFalse();
        assertThatThrownBy(() -> fences.requireArmed("promote")).hasMessageContaining("not armed");
    }

    @Test
    void aSlowOneTakesFromTheTimeOfTheOthers() {
        first.takes = Duration.ofMillis(300);
        arm(fences, 10);
        assertThat(second.given).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void allAreDisarmedThoughOneFails() {
        arm(fences, 10);
        calls.clear();
        first.fails = true;
        fences.disarm();
        assertThat(calls).containsExactly("first disarmed", "second disarmed");
        assertThatThrownBy(() -> fences.requireArmed("promote")).hasMessageContaining("not armed");
    }

    /** Else a renewal that was on its way puts a standby under a deadline that nobody moves. */
    @Test
    void noDeadlineComesAfterTheEnd() {
        arm(fences, 10);
        fences.disarm();
        calls.clear();
        assertThat(arm(fences, 20)).isFalse();
        assertThat(calls).isEmpty();
        fences.open();
        assertThat(arm(fences, 20)).isTrue();
    }

    @Test
    void aDeadlineThatIsBeingSetDoesNotOutliveItsEnd() throws Exception {
        first.asked = new CountDownLatch(1);
        first.mayAnswer = new CountDownLatch(1);
        Thread renewal = new Thread(() -> arm(fences, 10));
        Thread end = new Thread(fences::disarm);
        renewal.start();
        assertThat(first.asked.await(10, TimeUnit.SECONDS)).isTrue();
        end.start();
        Wait.until("the end waits its turn", Duration.ofSeconds(10), () -> end.getState() == Thread.State.WAITING);
        first.mayAnswer.countDown();
        renewal.join();
        end.join();
        assertThat(calls)
                .containsExactly("first armed until 10", "second armed until 10", "first disarmed", "second disarmed");
    }

    @Test
    void bestEffortGoesOnWithout() {
        BestEffort fence = new BestEffort(first);
        first.fails = true;
        assertThat(arm(fence, 10)).isTrue();
        fence.disarm();
        first.fails = false;
        first.confirms = false;
        calls.clear();
        assertThat(arm(fence, 20)).isTrue();
        // It may have got the deadline, and would act on it.
        assertThat(calls).containsExactly("first armed until 20", "first disarmed");
    }

    @Test
    void bestEffortThatHoldsADeadlineIsBinding() {
        BestEffort fence = new BestEffort(first);
        assertThat(arm(fence, 10)).isTrue();
        first.confirms = false;
        assertThat(arm(fence, 20)).isFalse();
        first.fails = true;
        assertThatThrownBy(() -> arm(fence, 20)).hasMessageContaining("broken");
        assertThatThrownBy(fence::disarm).hasMessageContaining("broken");
        assertThat(arm(fence, 30)).isTrue();
    }
}
