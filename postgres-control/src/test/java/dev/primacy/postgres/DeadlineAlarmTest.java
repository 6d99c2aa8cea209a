// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineAlarmTest {
    private static final Duration MOMENT = Duration.ofMillis(200);

    private final Queue<MonotonicInstant> told = new ConcurrentLinkedQueue<>();
    private final DeadlineAlarm alarm = new DeadlineAlarm(Wait.CLOCK, () -> told.add(Wait.CLOCK.now()));
    private final MonotonicInstant soon = Wait.CLOCK.now().plus(MOMENT);
    private final MonotonicInstant later = soon.plus(MOMENT);
    private final MonotonicInstant never = soon.plus(TestServers.LONG);

    @AfterEach
    void end() {
        alarm.close();
    }

    @Test
    void tellsOfEachDeadlineOnceItHasCome() throws Exception {
        alarm.set(List.of(soon, later));
        awaitTold(2);
        assertThat(told.remove()).isGreaterThanOrEqualTo(soon);
        assertThat(told.remove()).isGreaterThanOrEqualTo(later);
    }

    @Test
    void tellsNothingOfOneThatWasPutOff() throws Exception {
        alarm.set(List.of(soon));
        alarm.set(List.of(later));
        awaitTold(1);
        assertThat(told.remove()).isGreaterThanOrEqualTo(later);
    }

    @Test
    void oneThatComesSoonerIsNotWaitedForTooLong() throws Exception {
        alarm.set(List.of(never));
        alarm.set(List.of(soon));
        awaitTold(1);
        assertThat(told.remove()).isGreaterThanOrEqualTo(soon);
    }

    @Test
    void tellsNothingOfOneThatIsGivenUp() throws Exception {
        alarm.set(List.of(soon));
        alarm.set(List.of());
        Wait.until(later);
        assertThat(told).isEmpty();
        alarm.set(List.of(later));
        awaitTold(1);
    }

    @Test
    void tellsNothingAfterItsEnd() throws Exception {
        alarm.set(List.of(soon));
        alarm.close();
        Wait.until(later);
        assertThat(told).isEmpty();
    }

    private void awaitTold(int times) throws Exception {
        Wait.until("the deadline", TestServers.LONG, () -> told.size() >= times);
    }
}
