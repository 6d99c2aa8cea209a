// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Version;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.kiwiproject.consul.model.kv.ImmutableOperation;
import org.kiwiproject.consul.model.kv.Operation;
import org.kiwiproject.consul.model.kv.TxError;
import org.kiwiproject.consul.model.kv.TxResponse;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.option.ConsistencyMode;
import org.kiwiproject.consul.option.ImmutableTransactionOptions;

/**
 * Operations of which all take effect, or none. A write takes its condition with it as an operation of its own, since
 * {@code delete-cas} of a key that does not exist counts as done.
 */
final class Transaction {
    /**
     * A transaction of more than 512 KiB is refused unless the servers are told otherwise, and values are in Base64; the
     * rest is for keys and small values beside it.
     */
    static final int MAX_VALUE_BYTES = 380_000;

    private static final Set<String> WRITES = Set.of("set", "delete", "lock");

    private final Call call;
    private final Agent agent;
    private final List<Operation> operations = new ArrayList<>();

    Transaction(Agent agent, Call call) {
        this.agent = agent;
        this.call = call;
    }

    Transaction absent(String key) {
        return add("check-not-exists", key, operation -> operation);
    }

    Transaction at(String key, long index) {
        return add("check-index", key, operation -> operation.index(BigInteger.valueOf(index)));
    }

    Transaction heldBy(String key, String session) {
        return add("check-session", key, operation -> operation.session(session));
    }

    Transaction delete(String key) {
        return add("delete", key, operation -> operation);
    }

    /** Makes the key the session's, whose end deletes it. */
    Transaction lock(String key, String value, String session) {
        return add(
                "lock", key, operation -> operation.value(fitting(key, value)).session(session));
    }

    Transaction get(String key) {
        return add("get", key, operation -> operation);
    }

    Transaction write(String key, RecordWrite write) {
        long flags = call.now().nanos() & Long.MAX_VALUE;
        if (write.expected() instanceof Expected.At at) {
            flags = at.version().value();
            at(key, flags);
        } else if (write.expected() instanceof Expected.Absent) {
            absent(key);
        }
        if (write.value().isPresent()) {
            return set(key, write.value().get(), flags);
        }
        return write.expected() instanceof Expected.Absent ? this : delete(key);
    }

    /**
     * Consul takes a write of what is there already for no change and keeps the version; so each write also changes the
     * flags, which nobody reads.
     */
    private Transaction set(String key, String value, long flags) {
        return add("set", key, operation -> operation.value(fitting(key, value)).flags(flags));
    }

    private Transaction add(String verb, String key, UnaryOperator<ImmutableOperation.Builder> rest) {
        operations.add(
                rest.apply(ImmutableOperation.builder().verb(verb).key(key)).build());
        return this;
    }

    private String fitting(String key, String value) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_VALUE_BYTES) {
            throw call.rejected(
                    "the value of " + key + " has " + bytes + " bytes, Consul takes up to " + MAX_VALUE_BYTES, null);
        }
        return value;
    }

    /** Sends it. A transaction that only reads is answered by a leader that has made sure that it leads. */
    Result commit() {
        boolean writes = operations.stream().anyMatch(operation -> WRITES.contains(operation.verb()));
        var options = ImmutableTransactionOptions.builder()
                .consistencyMode(writes ? ConsistencyMode.DEFAULT : ConsistencyMode.CONSISTENT)
                .datacenter(agent.options().dc())
                .build();
        Operation[] all = operations.toArray(new Operation[0]);
        TxResponse answer = writes
                ? agent.write(
                        call,
                        consul -> consul.keyValueClient()
                                .performTransaction(options, all)
                                .getResponse())
                : agent.read(
                        call,
                        consul -> consul.keyValueClient()
                                .performTransaction(options, all)
                                .getResponse());
        return answer.errors().stream()
                .min(Comparator.comparing(Transaction::index))
                .map(this::failed)
                .orElseGet(() -> done(answer));
    }

    private Result failed(TxError error) {
        String what = error.what().orElse("");
        Operation operation = operations.get(index(error));
        if (what.contains("ermission denied") || what.contains("ACL not found")) {
            throw Errors.forbidden(call, what + "' for '" + operation.key().orElse(""), null);
        }
        return new Result(
                List.of(),
                Optional.of(new Failure(operation.verb(), operation.key().orElse(""))));
    }

    private static int index(TxError error) {
        return error.opIndex().map(BigInteger::intValueExact).orElse(0);
    }

    private static Result done(TxResponse answer) {
        return new Result(
                answer.results().stream()
                        .flatMap(result -> Stream.ofNullable(result.get("KV")))
                        .toList(),
                Optional.empty());
    }

    /**
     * How it went.
     *
     * @param values what each operation found or wrote; deletions leave nothing
     * @param failure the first operation that failed; none if all took effect
     */
    record Result(List<Value> values, Optional<Failure> failure) {
        boolean isDone() {
            return failure.isEmpty();
        }

        /** The version that the key has after the transaction. */
        Version version(String key) {
            return new Version(values.stream()
                    .filter(value -> value.getKey().equals(key))
                    .mapToLong(Value::getModifyIndex)
                    .max()
                    .orElse(0));
        }
    }

    /** The first operation of a transaction that failed. */
    record Failure(String verb, String key) {
        boolean isOf(String failed, String at) {
            return verb.equals(failed) && key.equals(at);
        }
    }
}
