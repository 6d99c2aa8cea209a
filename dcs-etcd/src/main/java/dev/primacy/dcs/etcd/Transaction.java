// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import io.etcd.jetcd.api.Compare;
import io.etcd.jetcd.api.Compare.CompareResult;
import io.etcd.jetcd.api.Compare.CompareTarget;
import io.etcd.jetcd.api.DeleteRangeRequest;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.TxnResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Conditions and what happens if all of them hold; else one key is read, to tell why not. */
final class Transaction {
    /** What fits into etcd's default {@code --max-request-bytes} of 1.5 MiB, with room for the rest of a request. */
    static final int MAX_VALUE_BYTES = 1_500_000;

    /** Compares of leases are missing in jetcd's copy of the protocol, which is older than they are (etcd 3.3). */
    private static final int LEASE_TARGET = 4;

    private static final int LEASE_FIELD = 8;

    private final Call call;
    private final Keys keys;
    private final TxnRequest.Builder request = TxnRequest.newBuilder();

    /**
     * Nothing yet.
     *
     * @param explaining read if a condition does not hold. It also makes etcd answer from its latest state a transaction
     *     that writes nothing: without a read in it, that is answered from whatever state a member has
     */
    Transaction(Call call, Keys keys, ByteString explaining) {
        this.call = call;
        this.keys = keys;
        request.addFailure(
                RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(explaining)));
    }

    Transaction ifAbsent(ByteString key) {
        return compare(
                Compare.newBuilder().setKey(key).setTarget(CompareTarget.CREATE).setCreateRevision(0));
    }

    private Transaction ifAt(ByteString key, long revision) {
        return compare(
                Compare.newBuilder().setKey(key).setTarget(CompareTarget.MOD).setModRevision(revision));
    }

    /**
     * If this very tenure stands. The revision alone says so in one history of the store; lease and holder tell it from
     * another history, of a store that was restored from a backup and has come to the same revision again.
     *
     * @param lease the lock's session as a number
     */
    Transaction ifHeld(Lock lock, long lease) {
        ByteString leader = keys.leader();
        UnknownFieldSet.Field value =
                UnknownFieldSet.Field.newBuilder().addVarint(lease).build();
        return ifAt(leader, lock.version().value())
                .compare(Compare.newBuilder()
                        .setKey(leader)
                        .setTarget(CompareTarget.VALUE)
                        .setValue(ByteString.copyFromUtf8(lock.holder())))
                .compare(Compare.newBuilder()
                        .setKey(leader)
                        .setTargetValue(LEASE_TARGET)
                        .setUnknownFields(UnknownFieldSet.newBuilder()
                                .addField(LEASE_FIELD, value)
                                .build()));
    }

    private Transaction compare(Compare.Builder comparison) {
        request.addCompare(comparison.setResult(CompareResult.EQUAL));
        return this;
    }

    /** A record and the condition on it. */
    Transaction write(RecordWrite write) {
        ByteString key = keys.record(write.key());
        if (write.expected() instanceof Expected.At at) {
            ifAt(key, at.version().value());
        } else if (write.expected() instanceof Expected.Absent) {
            ifAbsent(key);
        }
        return write.value().isPresent() ? put(key, write.value().get(), 0) : delete(key);
    }

    /**
     * Writes a key.
     *
     * @param lease the key goes with it; 0 is none
     */
    Transaction put(ByteString key, String value, long lease) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_VALUE_BYTES) {
            throw call.rejected(
                    "the value of " + key.toStringUtf8() + " has " + bytes + " bytes, etcd takes up to "
                            + MAX_VALUE_BYTES,
                    null);
        }
        request.addSuccess(RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder()
                        .setKey(key)
                        .setValue(ByteString.copyFromUtf8(value))
                        .setLease(lease)));
        return this;
    }

    Transaction delete(ByteString key) {
        request.addSuccess(RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key)));
        return this;
    }

    /** Its conditions must make a repetition harmless: see {@link Request.Effect#REPEATABLE}. */
    Request<TxnRequest, TxnResponse> repeatable() {
        return Request.transaction(request.build(), Request.Effect.REPEATABLE);
    }

    /** It changes nothing. */
    Request<TxnRequest, TxnResponse> reading() {
        return Request.transaction(request.build(), Request.Effect.NONE);
    }

    Request<TxnRequest, TxnResponse> once() {
        return Request.transaction(request.build(), Request.Effect.ONCE);
    }

    /** What was read of the explaining key, since a condition did not hold. */
    static Optional<KeyValue> explanation(TxnResponse answer) {
        return answer.getResponses(0).getResponseRange().getKvsList().stream().findFirst();
    }
}
