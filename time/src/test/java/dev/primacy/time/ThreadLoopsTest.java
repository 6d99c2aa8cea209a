// SPDX-License-Identifier: Apache-2.0
package dev.primacy.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ThreadLoopsTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @Test
    void goesOnAfterAStepThatThrewAnything() throws Exception {
        LinkedBlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        CountDownLatch second = new CountDownLatch(2);
        AtomicInteger rounds = new AtomicInteger();
        try (Loop loop = new ThreadLoops((name, e) -> reported.add(e)).start("test", () -> {
            second.countDown();
            if (rounds.incrementAndGet() == 1) {
                throw new StackOverflowError("deliberate");
            }
            return NEVER;
        })) {
            assertThat(reported.poll(10, TimeUnit.SECONDS)).hasMessage("deliberate");
            loop.wake();
            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWakeDuringARoundLeadsToOneMore() throws Exception {
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(2);
        try (Loop loop = new ThreadLoops((name, e) -> {}).start("test", () -> {
            second.countDown();
            inFirst.countDown();
            goOn.await();
            return NEVER;
        })) {
            inFirst.await();
            loop.wake();
            goOn.countDown();
            assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void closeInterruptsAHangingRoundAndMayBeRepeated() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Loop loop = new ThreadLoops((name, e) -> {}).start("test", () -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.countDown();
            }
            return NEVER;
        });
        started.await();
        loop.close();
        assertThat(interrupted.await(0, TimeUnit.SECONDS)).isTrue();
        loop.close();
    }
}
