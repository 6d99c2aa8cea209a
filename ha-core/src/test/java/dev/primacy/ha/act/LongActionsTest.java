// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.ha.decide.Memory;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.Upstream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who ends a long action, and when that comes too late. */
@Timeout(30)
class LongActionsTest {
    private static final Upstream OTHER = new Upstream("other", 5432, Optional.empty());

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final Semaphore done = new Semaphore(0);
    private final LongActions actions = new LongActions(new OrderBook(), worker, done::release);
    private final CountDownLatch began = new CountDownLatch(1);
    /** Nobody opens it: only an interrupt ends who waits for it. */
    private final CountDownLatch never = new CountDownLatch(1);

    private final AtomicBoolean worked = new AtomicBoolean();

    @AfterEach
    void end() throws InterruptedException {
        worker.shutdownNow();
        assertThat(worker.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void questionThatNobodyAnswersIsGivenUpAndIsNoFailure() throws Exception {
        actions.start(asking(this::unanswered), Optional.empty());
        began.await();
        assertThat(actions.running().orElseThrow().asked()).contains(OTHER);
        actions.giveUp();
        done.acquire();
        assertThat(actions.running()).isEmpty();
        assertThat(worked).isFalse();
        assertThat(actions.learn(Memory.EMPTY)).isEqualTo(Memory.EMPTY);
    }

    @Test
    void answerThatComesAfterItWasGivenUpChangesNothing() throws Exception {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        actions.start(
                asking(() -> {
                    began.countDown();
                    // As a driver that does not heed the interrupt.
                    answer.join();
                }),
                Optional.empty());
        began.await();
        actions.giveUp();
        answer.complete(true);
        done.acquire();
        assertThat(worked).isFalse();
        assertThat(actions.learn(Memory.EMPTY)).isEqualTo(Memory.EMPTY);
    }

    @Test
    void whatHasBegunToChangeSomethingIsNotGivenUp() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        actions.start(
                new LongAction("joining", false, Optional.of(OTHER), () -> term -> {
                    began.countDown();
                    mayEnd.await();
                    worked.set(true);
                    return UnaryOperator.identity();
                }),
                Optional.empty());
        began.await();
        assertThat(actions.running().orElseThrow().asked()).isEmpty();
        actions.giveUp();
        assertThat(actions.running()).isPresent();
        mayEnd.countDown();
        done.acquire();
        assertThat(worked).isTrue();
    }

    @Test
    void whatWasNotBegunIsGivenUpToo() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        worker.execute(() -> await(busy));
        actions.start(asking(() -> {}), Optional.empty());
        actions.giveUp();
        assertThat(actions.running()).isEmpty();
        busy.countDown();
        worker.submit(() -> {}).get();
        assertThat(worked).isFalse();
        assertThat(actions.learn(Memory.EMPTY)).isEqualTo(Memory.EMPTY);
    }

    @Test
    void questionThatFailsByItselfIsAFailure() throws Exception {
        actions.start(
                asking(() -> {
                    throw new PostgresException("no answer");
                }),
                Optional.empty());
        done.acquire();
        assertThat(worked).isFalse();
        assertThat(actions.learn(Memory.EMPTY).failedAction()).contains("joining");
    }

    @Test
    void cancelledWorkIsAFailure() throws Exception {
        actions.start(
                new LongAction("promote", true, term -> {
                    began.countDown();
                    never.await();
                    return UnaryOperator.identity();
                }),
                Optional.of(7L));
        began.await();
        actions.cancel();
        done.acquire();
        assertThat(actions.learn(Memory.EMPTY).failedAction()).contains("promote");
    }

    @Test
    void nextActionRunsAfterOneThatWasGivenUp() throws Exception {
        actions.start(asking(this::unanswered), Optional.empty());
        began.await();
        actions.giveUp();
        done.acquire();
        actions.start(asking(() -> {}), Optional.empty());
        done.acquire();
        assertThat(worked).isTrue();
    }

    /** An action that asks, and then notes that it has changed something. */
    private LongAction asking(Runnable question) {
        return new LongAction("joining", false, Optional.of(OTHER), () -> {
            question.run();
            return term -> {
                worked.set(true);
                return UnaryOperator.identity();
            };
        });
    }

    private void unanswered() {
        began.countDown();
        await(never);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted", e);
        }
    }
}
