// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.dcs.DcsException;
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
import java.util.function.BiFunction;
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
        assertThat(answerOfTheReplaced((store, now) -> store.snapshot(TIMEOUT)
                        .record(RecordKey.CONFIG)
                        .orElseThrow()
                        .value()))
                .isIn(AFTER, NO_ANSWER);
    }

    @Test
    void refusesNoWriteOverWhatIsThere() {
        assertThat(answerOfTheReplaced((store, now) -> store.write(
                                RecordWrite.over(Optional.of(now), RecordKey.CONFIG, BEFORE), TIMEOUT)
                        .getClass()
                        .getSimpleName()))
                .isIn("Done", NO_ANSWER);
    }

    /** @param request is told what the others have written by then */
    private static String answerOfTheReplaced(BiFunction<Dcs, Stored, String> request) {
        try (ZooKeeperServers servers = ZooKeeperServers.start(3)) {
            int old = servers.leader();
            List<InetSocketAddress> others = new ArrayList<>(servers.addresses());
            try (Dcs late = open(List.of(others.remove(old)))) {
                late.write(RecordWrite.create(RecordKey.CONFIG, BEFORE), TIMEOUT);
                servers.freeze(old);
                assertThat(servers.leader()).isNotEqualTo(old);
                Stored now = goOn(others);
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> answer(late, now, request));
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

    private static String answer(Dcs store, Stored now, BiFunction<Dcs, Stored, String> request) {
        try {
            return request.apply(store, now);
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
