// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Version;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Writes of records against what was just read.
 *
 * <p>ZooKeeper compares data versions, which start again at 0 when a znode is deleted and made anew; ours are zxids. So a
 * znode is read, its zxid compared, and its data version goes into the write. What was deleted and made anew up to the
 * very same data version between these two would be overwritten. Therefore each deletion raises the data version of {@code
 * term}, each conditional write depends on it, and {@code term} is read before the record. Patroni does not raise it when it
 * deletes: that is {@code initialize} only, after a bootstrap that failed.
 */
final class Records {
    /** What fits into ZooKeeper's default {@code jute.maxbuffer} of 1 MiB, with room for the rest of a request. */
    static final int MAX_VALUE_BYTES = 1_000_000;

    private static final int ANY = -1;

    private Records() {}

    static boolean holds(RecordWrite write, Optional<Node> now) {
        if (write.expected() instanceof Expected.At at) {
            return now.filter(node -> new Version(node.stat().getMzxid()).equals(at.version()))
                    .isPresent();
        }
        return write.expected() instanceof Expected.Anything || now.isEmpty();
    }

    /** The write as part of a transaction; none if there is nothing to delete. */
    static Optional<Op> operation(Call call, Session session, String path, RecordWrite write, Optional<Node> now) {
        if (write.value().isEmpty()) {
            return now.map(node -> Op.delete(path, version(write, node)));
        }
        byte[] value = bytes(call, write.value().get());
        return Optional.of(now.map(node -> Op.setData(path, value, version(write, node)))
                .orElseGet(() -> session.creation(path, value, CreateMode.PERSISTENT)));
    }

    /** Whether the write has to go together with {@code term}. */
    static boolean dependsOnTerm(RecordWrite write) {
        return write.value().isEmpty() || write.expected() instanceof Expected.At;
    }

    /** What keeps a record from being taken for the one of the same data version that was deleted. */
    static Op term(Tree tree, Node term, boolean deletes) {
        int version = term.stat().getVersion();
        return deletes ? Op.setData(tree.term(), new byte[0], version) : Op.check(tree.term(), version);
    }

    /**
     * The write on its own; empty if the race was lost.
     *
     * @param term read before {@code now}; there if the write depends on it
     */
    static Optional<Version> write(
            Call call, Session session, Tree tree, RecordWrite write, Optional<Node> now, Optional<Node> term) {
        String path = tree.record(write.key());
        Optional<Op> operation = operation(call, session, path, write, now);
        if (operation.isEmpty()) {
            return Optional.of(new Version(0));
        }
        if (now.isPresent() && dependsOnTerm(write)) {
            boolean deletes = write.value().isEmpty();
            List<Op> both = List.of(term(tree, term.orElseThrow(), deletes), operation.get());
            return call.write(session.commit(path, both))
                    .map(done -> done.results().get(1))
                    .map(result -> new Version(
                            result instanceof OpResult.SetDataResult set
                                    ? set.getStat().getMzxid()
                                    : 0));
        }
        byte[] value = bytes(call, write.value().orElseThrow());
        Optional<Stat> written = call.write(
                now.isPresent()
                        ? session.set(path, value, version(write, now.get()))
                        : session.create(path, value, CreateMode.PERSISTENT));
        return written.map(stat -> new Version(stat.getMzxid()));
    }

    static Op ephemeral(Call call, Session session, String path, String value) {
        return session.creation(path, bytes(call, value), CreateMode.EPHEMERAL);
    }

    /** A server hangs up on a request that is too long, which would look like a failure of the network for ever. */
    static void checkSum(Call call, List<RecordWrite> writes) {
        int sum = writes.stream()
                .flatMap(write -> write.value().stream())
                .mapToInt(value -> bytes(call, value).length)
                .sum();
        if (sum > MAX_VALUE_BYTES) {
            throw call.rejected("the values of one transaction have " + sum + " bytes together, ZooKeeper takes up to "
                    + MAX_VALUE_BYTES);
        }
    }

    static byte[] bytes(Call call, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_VALUE_BYTES) {
            throw call.rejected("the value has " + bytes.length + " bytes, ZooKeeper takes up to " + MAX_VALUE_BYTES);
        }
        return bytes;
    }

    private static int version(RecordWrite write, Node now) {
        return write.expected() instanceof Expected.Anything ? ANY : now.stat().getVersion();
    }
}
