// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.zookeeper.AddWatchMode;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Stat;

/**
 * One ZooKeeper session. Requests go to its own handle and never to a successor's, so an answer is always about this
 * session. Answers to reads are empty where there is no znode; answers to writes are empty where the race was lost.
 */
final class Session {
    /** A request with a few of these still fits beside the longest value. */
    private static final int LONGEST_PATH = 4000;

    private static final int ANY_VERSION = -1;

    private final ZooKeeper handle;
    private final SessionProof proof;
    private final MonotonicClock clock;
    private final List<ACL> acls;

    /**
     * A session, whose first connection may not stand yet.
     *
     * @param acls of every znode that it creates
     */
    Session(ZooKeeper handle, SessionProof proof, MonotonicClock clock, List<ACL> acls) {
        this.handle = handle;
        this.proof = proof;
        this.clock = clock;
        this.acls = acls;
    }

    static String idOf(long session) {
        return Long.toHexString(session);
    }

    String id() {
        return idOf(handle.getSessionId());
    }

    /** Whether a server has ever accepted it. */
    boolean isAccepted() {
        return handle.getSessionId() != 0;
    }

    Duration granted() {
        return Duration.ofMillis(handle.getSessionTimeout());
    }

    CompletableFuture<Optional<Node>> read(String path) {
        return ask(
                path,
                answer -> handle.getData(
                        path,
                        false,
                        (code, at, context, data, stat) -> settle(answer, code, at, () -> Node.of(data, stat)),
                        null));
    }

    CompletableFuture<List<String>> children(String path) {
        CompletableFuture<Optional<List<String>>> children = ask(
                path,
                answer -> handle.getChildren(
                        path,
                        false,
                        (int code, String at, Object context, List<String> names) ->
                                settle(answer, code, at, () -> names),
                        null));
        return children.thenApply(names -> names.orElse(List.of()));
    }

    /**
     * Makes this session's later reads see all that was written before. A transaction that changes nothing, whatever it
     * finds, which a quorum agrees on; {@code sync} would not do: a leader that was replaced and does not know it yet
     * answers it, and what is read behind it is as old as the freeze that cost it the lead.
     *
     * @param path what is going to be read
     */
    CompletableFuture<Optional<Committed>> catchUp(String path) {
        return commit(path, List.of(Op.check(path, ANY_VERSION)));
    }

    /** A sign of life that goes by way of the leader and costs no write. */
    CompletableFuture<Optional<String>> sync(String path) {
        SessionProof.Sent sent = proof.sending(clock.now());
        return ask(
                path,
                answer -> handle.sync(
                        path,
                        (code, at, context) -> settle(answer, code, at, () -> {
                            proof.answered(sent, clock.now());
                            return at;
                        }),
                        null));
    }

    /**
     * All of it or nothing. The answer says from when on the session is proven to live.
     *
     * @param path what it is about, for people
     */
    CompletableFuture<Optional<Committed>> commit(String path, List<Op> operations) {
        SessionProof.Sent sent = proof.sending(clock.now());
        return ask(
                path,
                answer -> handle.multi(
                        operations,
                        (code, at, context, results) -> settle(
                                answer, code, path, () -> new Committed(results, proof.answered(sent, clock.now()))),
                        null));
    }

    CompletableFuture<Optional<Stat>> create(String path, byte[] value, CreateMode mode) {
        return ask(
                path,
                answer -> handle.create(
                        path,
                        value,
                        acls,
                        mode,
                        (code, at, context, name, stat) -> settle(answer, code, at, () -> stat),
                        null));
    }

    /** Makes an empty znode that stays, unless it exists. Answers with nothing if there is none above it. */
    CompletableFuture<Optional<String>> make(String path) {
        return ask(
                path,
                answer -> handle.create(
                        path,
                        new byte[0],
                        acls,
                        CreateMode.PERSISTENT,
                        (code, at, context, name) ->
                                settle(answer, code == Code.NODEEXISTS.intValue() ? 0 : code, at, () -> at),
                        null));
    }

    /** A creation as part of a transaction. */
    Op creation(String path, byte[] value, CreateMode mode) {
        return Op.create(path, value, acls, mode);
    }

    CompletableFuture<Optional<Stat>> set(String path, byte[] value, int version) {
        return ask(
                path,
                answer -> handle.setData(
                        path, value, version, (code, at, context, stat) -> settle(answer, code, at, () -> stat), null));
    }

    CompletableFuture<Optional<String>> delete(String path, int version) {
        return ask(
                path,
                answer ->
                        handle.delete(path, version, (code, at, context) -> settle(answer, code, at, () -> at), null));
    }

    /** Watches everything from {@code path} down; the path need not exist. Holds over all connections of this session. */
    CompletableFuture<Optional<String>> watch(String path, Watcher watcher) {
        return ask(
                path,
                answer -> handle.addWatch(
                        path,
                        watcher,
                        AddWatchMode.PERSISTENT_RECURSIVE,
                        (code, at, context) -> settle(answer, code, at, () -> at),
                        null));
    }

    CompletableFuture<Optional<String>> unwatch(String path, Watcher watcher) {
        return ask(
                path,
                answer -> handle.removeWatches(
                        path,
                        watcher,
                        Watcher.WatcherType.Any,
                        true,
                        (code, at, context) -> settle(answer, code, at, () -> at),
                        null));
    }

    /** Sends a request; a path that ZooKeeper does not take is answered right here. */
    private static <T> CompletableFuture<Optional<T>> ask(
            String path, Consumer<CompletableFuture<Optional<T>>> request) {
        CompletableFuture<Optional<T>> answer = new CompletableFuture<>();
        try {
            if (path.length() > LONGEST_PATH) {
                throw new IllegalArgumentException("too long");
            }
            request.accept(answer);
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(KeeperException.create(Code.BADARGUMENTS, path));
        }
        return answer;
    }

    /**
     * Ends the session at the servers; waits for them no longer than that, and else the timeout ends it. The client would
     * wait without a limit of its own.
     */
    void close(Duration patience) {
        Thread closing = new Thread(this::closeHandle, "zookeeper-close");
        closing.setDaemon(true);
        closing.start();
        if (patience.isZero()) {
            return;
        }
        try {
            closing.join(patience.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeHandle() {
        try {
            handle.close();
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a JVM that ends.
            Thread.currentThread().interrupt();
        }
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
