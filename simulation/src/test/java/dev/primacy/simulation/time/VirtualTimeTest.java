// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.simulation.time.VirtualTime.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VirtualTimeTest {
    private final VirtualTime time = new VirtualTime();
    private final List<Event> sleeps = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    private void sleep(long until) {
        time.sleepUntil(until, sleeps::add);
        seen.add("woke at " + time.now());
    }

    @Test
    void aSleepEndsInTime() throws InterruptedException {
        time.at(0, () -> sleep(20));
        time.at(10, () -> seen.add("an event at " + time.now()));
        time.at(30, time::end);
        time.run(threads);
        assertThat(seen).containsExactly("an event at 10", "woke at 20");
    }

    @Test
    void whoWaitsForALockLetsTimePassForItsOwner() throws InterruptedException {
        Program program = new Program(time, new Random(1), () -> 0, seen::add);
        Lock lock = program.lock();
        Runnable section = () -> {
            lock.lock();
            try {
                seen.add("in");
                program.elapse(1_000_000_000);
                seen.add("out");
            } finally {
                lock.unlock();
            }
        };
        time.at(0, section);
        time.at(500_000_000, section);
        time.at(4_000_000_000L, time::end);
        time.run(threads);
        assertThat(seen).containsExactly("in", "out", "in", "out");
    }

    @Test
    void aThreadThatWaitsForAnotherByOtherMeansIsReported() {
        VirtualTime stuck = new VirtualTime(Duration.ofMillis(200));
        Lock lock = new ReentrantLock();
        Runnable section = () -> {
            lock.lock();
            try {
                stuck.sleepUntil(stuck.now() + 10, sleep -> {});
            } finally {
                lock.unlock();
            }
        };
        stuck.at(0, section);
        stuck.at(5, section);
        assertThatThrownBy(() -> stuck.run(VirtualTimeTest::startDaemon)).hasMessageContaining("stands still at 5");
    }

    private static void startDaemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    @Test
    void aSleepIsHastened() throws InterruptedException {
        time.at(0, () -> sleep(20));
        time.at(10, () -> time.hasten(sleeps.get(0)));
        time.at(30, time::end);
        time.run(threads);
        assertThat(seen).containsExactly("woke at 10");
    }

    @Test
    void aSleepThatHasEndedIsNotHastened() throws InterruptedException {
        time.at(0, () -> {
            sleep(20);
            sleep(50);
        });
        time.at(10, () -> seen.add("first"));
        time.at(30, () -> time.hasten(sleeps.get(0)));
        time.at(40, () -> time.hasten(sleeps.get(0)));
        time.at(60, time::end);
        time.run(threads);
        assertThat(seen).containsExactly("first", "woke at 20", "woke at 50");
    }

    @Test
    void theEndClearsTheStacksOfAllThatSleep() throws InterruptedException {
        List<String> cleared = new ArrayList<>();
        for (String name : List.of("one", "two")) {
            time.at(0, () -> {
                try {
                    sleep(100);
                } finally {
                    cleared.add(name);
                }
            });
        }
        time.at(10, time::end);
        time.run(threads);
        assertThat(cleared).containsExactlyInAnyOrder("one", "two");
        assertThat(seen).isEmpty();
    }
}
