// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A write happens if and only if what it expects holds. */
@Tag("ConditionalWrites")
public abstract class ConditionalWriteContract extends ContractCase {
    private static final RecordKey KEY = RecordKey.CONFIG;

    @Test
    final void creatingIsForTheFirstOnly() {
        Version first = write(a, RecordWrite.create(KEY, "first"));
        assertConflict(b, RecordWrite.create(KEY, "second"), Optional.of(new Stored("first", first)));
        assertThat(value(a, KEY)).hasValue("first");
    }

    @Test
    final void replacingNeedsTheLatestVersion() {
        Version first = write(a, RecordWrite.create(KEY, "first"));
        Version second = write(b, RecordWrite.replace(KEY, "second", first));
        assertConflict(a, RecordWrite.replace(KEY, "third", first), Optional.of(new Stored("second", second)));
        assertThat(value(a, KEY)).hasValue("second");
    }

    @Test
    final void theVersionReadIsTheVersionWritten() {
        Version written = write(a, RecordWrite.create(KEY, "value"));
        assertThat(snapshot(b).record(KEY).orElseThrow().version()).isEqualTo(written);
        Version replaced = write(b, RecordWrite.replace(KEY, "other", written));
        assertThat(snapshot(a).record(KEY).orElseThrow().version()).isEqualTo(replaced);
    }

    @Test
    final void writingTheSameValueIsAChange() {
        Version first = write(a, RecordWrite.create(KEY, "same"));
        Version second = write(a, RecordWrite.replace(KEY, "same", first));
        assertThat(second).isNotEqualTo(first);
        assertConflict(b, RecordWrite.replace(KEY, "other", first), Optional.of(new Stored("same", second)));
    }

    @Test
    final void replacingNothingIsAConflict() {
        Version first = write(a, RecordWrite.create(KEY, "first"));
        write(a, RecordWrite.delete(KEY, first));
        assertConflict(b, RecordWrite.replace(KEY, "second", first), Optional.empty());
        assertThat(value(a, KEY)).isEmpty();
    }

    @Test
    final void aRecordMadeAnewIsAnotherOne() {
        Version first = write(a, RecordWrite.create(KEY, "same"));
        write(a, RecordWrite.delete(KEY, first));
        Version second = write(a, RecordWrite.create(KEY, "same"));
        assertThat(second).isNotEqualTo(first);
        assertConflict(b, RecordWrite.replace(KEY, "late", first), Optional.of(new Stored("same", second)));
        assertConflict(b, RecordWrite.delete(KEY, first), Optional.of(new Stored("same", second)));
    }

    @Test
    final void deletingNeedsTheLatestVersion() {
        Version first = write(a, RecordWrite.create(KEY, "first"));
        Version second = write(b, RecordWrite.replace(KEY, "second", first));
        assertConflict(a, RecordWrite.delete(KEY, first), Optional.of(new Stored("second", second)));
        write(a, RecordWrite.delete(KEY, second));
        assertThat(value(b, KEY)).isEmpty();
    }

    @Test
    final void aBlindWriteCreatesAndReplaces() {
        write(a, RecordWrite.blind(KEY, "first"));
        write(b, RecordWrite.blind(KEY, "second"));
        assertThat(value(a, KEY)).hasValue("second");
    }

    @Test
    final void aBlindDeletionMayFindNothing() {
        RecordWrite deletion = new RecordWrite(KEY, Optional.empty(), new RecordWrite.Expected.Anything());
        write(a, deletion);
        write(a, RecordWrite.create(KEY, "value"));
        write(b, deletion);
        assertThat(value(a, KEY)).isEmpty();
    }

    @Test
    final void recordsDoNotTouchEachOther() {
        Version first = write(a, RecordWrite.create(KEY, "config"));
        write(b, RecordWrite.create(RecordKey.STATUS, "status"));
        write(a, RecordWrite.replace(KEY, "changed", first));
        assertThat(value(b, RecordKey.STATUS)).hasValue("status");
    }

    @Test
    final void noIncrementIsLostAmongManyWriters() {
        int increments = 20;
        write(a, RecordWrite.create(KEY, "0"));
        List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> increment(i % 2 == 0 ? a : b, increments)))
                .toList();
        writers.forEach(CompletableFuture::join);
        assertThat(value(a, KEY)).hasValue(String.valueOf(writers.size() * increments));
    }

    private void increment(Dcs session, int times) {
        for (int done = 0; done < times; ) {
            Stored seen = snapshot(session).record(KEY).orElseThrow();
            String more = String.valueOf(Integer.parseInt(seen.value()) + 1);
            if (session.write(RecordWrite.replace(KEY, more, seen.version()), TIMEOUT) instanceof WriteOutcome.Done) {
                done++;
            }
        }
    }

    /** In some stores a record that is deleted and made anew begins with the version that another had before it. */
    @Test
    final void eachVersionIsReplacedOrDeletedOnce() {
        int attempts = 80;
        Queue<Version> used = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> clients = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    for (int attempt = 0; attempt < attempts; attempt++) {
                        use(i % 2 == 0 ? a : b, i < 2, used);
                    }
                }))
                .toList();
        clients.forEach(CompletableFuture::join);
        assertThat(used).isNotEmpty().doesNotHaveDuplicates();
    }

    private void use(Dcs session, boolean deletes, Queue<Version> used) {
        Optional<Stored> seen = snapshot(session).record(KEY);
        if (seen.isEmpty()) {
            session.write(RecordWrite.create(KEY, "value"), TIMEOUT);
            return;
        }
        Version version = seen.get().version();
        RecordWrite write = deletes ? RecordWrite.delete(KEY, version) : RecordWrite.replace(KEY, "value", version);
        if (session.write(write, TIMEOUT) instanceof WriteOutcome.Done) {
            used.add(version);
        }
    }

    private static void assertConflict(Dcs session, RecordWrite write, Optional<Stored> current) {
        assertThat(session.write(write, TIMEOUT)).isEqualTo(new WriteOutcome.Conflict(current));
    }
}
