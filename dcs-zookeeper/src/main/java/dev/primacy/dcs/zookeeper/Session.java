// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;

/**
 * One ZooKeeper session. Requests go to its own handle and never to a successor's, so an answer is always about this
 * session. Answers to reads are empty where there is no znode; answers to writes are empty where the race was lost.
 */
final class Session {
    private final ZooKeeper handle;
    private final SessionProof proof;
    private final MonotonicClock clock;

    Session(ZooKeeper handle, SessionProof proof, MonotonicClock clock) {
        this.handle = handle;
        this.proof = proof;
        this.clock = clock;
    }

    static String idOf(long session) {
        return Long.toHexString(session);
    }

    String id() {
        return idOf(handle.getSessionId());
    }

    /** Whether a server has ever accepted it. */
    boolean exists() {
        return handle.getSessionId() != 0;
    }

    Duration granted() {
        return Duration.ofMillis(handle.getSessionTimeout());
    }

    CompletableFuture<Optional<Node>> read(String path) {
        CompletableFuture<Optional<Node>> answer = new CompletableFuture<>();
        handle.getData(
                path,
                false,
                (code, at, context, data, stat) -> settle(answer, code, at, () -> Node.of(data, stat)),
                null);
        return answer;
    }

    CompletableFuture<List<String>> children(String path) {
        CompletableFuture<Optional<List<String>>> answer = new CompletableFuture<>();
        handle.getChildren(
                path,
                false,
                (int code, String at, Object context, List<String> names) -> settle(answer, code, at, () -> names),
                null);
        return answer.thenApply(names -> names.orElse(List.of()));
    }

    /** Makes later reads see all that was written before. Also a sign of life that goes by way of the leader. */
    CompletableFuture<Optional<String>> sync(String path) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        SessionProof.Sent sent = proof.sending(clock.now());
        handle.sync(
                path,
                (code, at, context) -> settle(answer, code, at, () -> {
                    proof.answered(sent, clock.now());
                    return at;
                }),
                null);
        return answer;
    }

    /** All of it or nothing. The answer says from when on the session is proven to live. */
    CompletableFuture<Optional<Committed>> commit(List<Op> operations) {
        CompletableFuture<Optional<Committed>> answer = new CompletableFuture<>();
        SessionProof.Sent sent = proof.sending(clock.now());
        handle.multi(
                operations,
                (code, at, context, results) ->
                        settle(answer, code, at, () -> new Committed(results, proof.answered(sent, clock.now()))),
                null);
        return answer;
    }

    CompletableFuture<Optional<Stat>> create(String path, byte[] value, CreateMode mode) {
        CompletableFuture<Optional<Stat>> answer = new CompletableFuture<>();
        handle.create(
                path,
                value,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                mode,
                (code, at, context, name, stat) -> settle(answer, code, at, () -> stat),
                null);
        return answer;
    }

    CompletableFuture<Optional<Stat>> set(String path, byte[] value, int version) {
        CompletableFuture<Optional<Stat>> answer = new CompletableFuture<>();
        handle.setData(path, value, version, (code, at, context, stat) -> settle(answer, code, at, () -> stat), null);
        return answer;
    }

    CompletableFuture<Optional<String>> delete(String path, int version) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        handle.delete(path, version, (code, at, context) -> settle(answer, code, at, () -> at), null);
        return answer;
    }

    /** Watches everything from {@code path} down; the path need not exist. */
    CompletableFuture<Optional<String>> watch(String path, Watcher watcher) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        handle.addWatch(
                path,
                watcher,
                AddWatchMode.PERSISTENT_RECURSIVE,
                (code, at, context) -> settle(answer, code, at, () -> at),
                null);
        return answer;
    }

    private static <T> void settle(CompletableFuture<Optional<T>> answer, int code, String path, Supplier<T> value) {
        Code meaning = Optional.ofNullable(Code.get(code)).orElse(Code.SYSTEMERROR);
        if (meaning == Code.OK) {
            answer.complete(Optional.of(value.get()));
        } else if (Errors.isLostRace(meaning)) {
            answer.complete(Optional.empty());
        } else {
            answer.completeExceptionally(KeeperException.create(meaning, path));
        }
    }

    /** A transaction that took place. */
    record Committed(List<OpResult> results, MonotonicInstant proven) {}
}
