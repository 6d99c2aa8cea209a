// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import dev.primacy.time.BootClock;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Requests that lie before a leading server when it thaws, after the others have elected another and gone on. */
class ReplacedLeaderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String BEFORE = "{\"ttl\":30}";
    private static final String AFTER = "{\"ttl\":31}";
    private static final String NO_ANSWER = "no answer";

    @Test
    void showsNothingThatIsOlderThanTheRequest() {
        assertThat(answerOfTheReplaced(store -> now -> store.snapshot(TIMEOUT)
                        .record(RecordKey.CONFIG)
                        .orElseThrow()
                        .value()))
                .isIn(AFTER, NO_ANSWER);
    }

    @Test
    void refusesNoWriteOverWhatIsThere() {
        assertThat(answerOfTheReplaced(store -> now -> kind(store.write(over(now), TIMEOUT))))
                .isIn("Done", NO_ANSWER);
    }

    @Test
    void refusesNoClaimOverWhatIsThere() {
        assertThat(answerOfTheReplaced(store -> {
                    // The first claim of all makes what later ones find, and is late by that alone.
                    store.release(take(store), List.of(), TIMEOUT);
                    return now ->
                            kind(store.acquire(new LockClaim("site", Optional.empty(), List.of(over(now))), TIMEOUT));
                }))
                .isIn("Acquired", NO_ANSWER);
    }

    @Test
    void refusesNoReleaseOverWhatIsThere() {
        assertThat(answerOfTheReplaced(store -> {
                    Lock lock = take(store);
                    return now -> kind(store.release(lock, List.of(over(now)), TIMEOUT));
                }))
                .isIn("Released", NO_ANSWER);
    }

    private static Lock take(Dcs store) {
        return ((AcquireOutcome.Acquired) store.acquire(LockClaim.free("site"), TIMEOUT)).lock();
    }

    private static RecordWrite over(Stored now) {
        return RecordWrite.over(Optional.of(now), RecordKey.CONFIG, BEFORE);
    }

    private static String kind(Object outcome) {
        return outcome.getClass().getSimpleName();
    }

    /**
     * What comes of a request to the server that led.
     *
     * @param begin does what the request needs while that server still leads; the request is told what the others have
     *     written when it does not
     */
    private static String answerOfTheReplaced(Function<Dcs, Function<Stored, String>> begin) {
        try (ZooKeeperServers servers = ZooKeeperServers.start(3)) {
            int old = servers.leader();
            List<InetSocketAddress> others = new ArrayList<>(servers.addresses());
            try (Dcs late = open(List.of(others.remove(old)))) {
                late.write(RecordWrite.create(RecordKey.CONFIG, BEFORE), TIMEOUT);
                Function<Stored, String> request = begin.apply(late);
                servers.freeze(old);
                assertThat(servers.leader()).isNotEqualTo(old);
                Stored now = goOn(others);
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answer(now, request));
                servers.thaw(old);
                return answer.join();
            }
        }
    }

    private static Stored goOn(List<InetSocketAddress> servers) {
        try (Dcs store = open(servers)) {
            store.write(RecordWrite.blind(RecordKey.CONFIG, AFTER), TIMEOUT);
            return store.snapshot(TIMEOUT).record(RecordKey.CONFIG).orElseThrow();
        }
    }

    private static String answer(Stored now, Function<Stored, String> request) {
        try {
            return request.apply(now);
        } catch (DcsException.Unreachable | DcsException.OutcomeUnknown e) {
            return NO_ANSWER;
        }
    }

    private static Dcs open(List<InetSocketAddress> servers) {
        String hosts = servers.stream()
                .map(at -> at.getHostString() + ":" + at.getPort())
                .collect(Collectors.joining(","));
        return new ZooKeeperProvider()
                .open(
                        new Scope("/service/replaced", "replaced", Duration.ofSeconds(30)),
                        Map.of("hosts", hosts, "tick_time", ZooKeeperServers.TICK_MILLIS),
                        BootClock.system());
    }
}
