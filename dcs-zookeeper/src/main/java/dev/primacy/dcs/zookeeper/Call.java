// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsException;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.zookeeper.KeeperException;

/** One verb under way: what it does, and how much of its time is left. */
final class Call {
    private static final int LONGEST_SHOWN = 300;

    private final String doing;
    private final String servers;
    private final MonotonicClock clock;
    private final Duration timeout;
    private final MonotonicInstant end;

    /**
     * The verb starts now.
     *
     * @param doing what it does and on which path, for people
     * @param servers where, for people
     */
    Call(String doing, String servers, MonotonicClock clock, Duration timeout) {
        this.doing = doing;
        this.servers = servers;
        this.clock = clock;
        this.timeout = timeout;
        this.end = clock.now().plus(timeout);
    }

    /** A path as people can read it. */
    static String shown(String path) {
        return path.length() <= LONGEST_SHOWN ? path : path.substring(0, LONGEST_SHOWN) + "...";
    }

    Duration left() {
        return clock.now().until(end);
    }

    /** Waits for the answer to a request that changes nothing. */
    <T> T read(CompletableFuture<T> answer) {
        return await(answer, false);
    }

    /** Waits for the answer to a request that may change something. */
    <T> T write(CompletableFuture<T> answer) {
        return await(answer, true);
    }

    private <T> T await(CompletableFuture<T> answer, boolean writes) {
        try {
            return answer.get(Math.max(0, left().toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unanswered(writes, "no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(writes, "interrupted while waiting for an answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KeeperException refused) {
                throw Errors.of(doing, writes, refused);
            }
            throw new IllegalStateException(doing, e);
        }
    }

    private DcsException unanswered(boolean writes, String seen, Exception cause) {
        String message = message(seen, Optional.empty());
        return writes ? new DcsException.OutcomeUnknown(message, cause) : new DcsException.Unreachable(message, cause);
    }

    /**
     * The exception for a request that was not sent.
     *
     * @param seen what there was instead of an answer
     * @param why if that is known, with what to do
     */
    DcsException.Unreachable unreachable(String seen, Optional<String> why) {
        return new DcsException.Unreachable(message(seen, why), null);
    }

    DcsException.Rejected rejected(String why) {
        return new DcsException.Rejected(doing + ": " + why, null);
    }

    private String message(String seen, Optional<String> why) {
        return doing + ": " + seen + " from ZooKeeper (" + servers + ") within " + timeout.toMillis() / 1000.0 + " s; "
                + why.orElse("check that it runs and is reachable");
    }
}
