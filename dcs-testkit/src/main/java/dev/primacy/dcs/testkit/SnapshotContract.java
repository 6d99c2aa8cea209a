// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a snapshot shows. */
@Tag("Snapshots")
public abstract class SnapshotContract extends ContractCase {
    @Test
    final void anEmptyScopeShowsNothing() {
        assertThat(snapshot(a).leader()).isEmpty();
        assertThat(snapshot(a).members()).isEmpty();
        assertThat(snapshot(a).records()).isEmpty();
    }

    @Test
    final void itShowsWhatAnotherSessionHasJustDone() {
        for (int round = 0; round < 20; round++) {
            write(a, RecordWrite.blind(RecordKey.CONFIG, "round " + round));
            assertThat(value(b, RecordKey.CONFIG)).hasValue("round " + round);
        }
    }

    @Test
    final void itShowsTheLockAsItsHolderKnowsIt() {
        Lock lock = acquire(a, "site-1");
        assertThat(snapshot(a).leader()).hasValue(lock);
        assertThat(snapshot(b).leader()).hasValue(lock);
        assertThat(snapshot(b).isHeldBy(lock)).isTrue();
    }

    @Test
    final void itShowsExactlyTheRecordsThatWereWritten() {
        Lock lock = acquire(a, "site-1");
        write(a, RecordWrite.create(RecordKey.INITIALIZE, "7000000000000000001"));
        write(a, RecordWrite.create(new RecordKey("madeup"), "unknown to everybody"));
        write(a, RecordWrite.create(new RecordKey("optime/leader"), "123"));
        write(a, RecordWrite.create(new RecordKey("made/up.2"), "nested, and unknown"));
        a.register("node-1", "{}", TIMEOUT);
        a.release(lock, List.of(), TIMEOUT);
        assertThat(snapshot(b).records().keySet())
                .isEqualTo(Set.of(
                        RecordKey.INITIALIZE,
                        new RecordKey("madeup"),
                        new RecordKey("optime/leader"),
                        new RecordKey("made/up.2")));
    }

    @Test
    final void aSnapshotDoesNotChange() {
        write(a, RecordWrite.create(RecordKey.CONFIG, "old"));
        Snapshot before = snapshot(a);
        write(a, RecordWrite.blind(RecordKey.CONFIG, "new"));
        assertThat(before.record(RecordKey.CONFIG).orElseThrow().value()).isEqualTo("old");
    }

    @Test
    final void anyTextComesBackAsItWas() {
        for (String text : new String[] {"", " ", "{\"a\":\"ü€\uD83D\uDC18\"}", "line\nline\u0000end", "\"", "null"}) {
            write(a, RecordWrite.blind(RecordKey.HISTORY, text));
            assertThat(value(b, RecordKey.HISTORY)).hasValue(text);
        }
    }

    @Test
    final void aValueAsLongAsTheLimitComesBack() {
        String longest = "x".repeat(a.capabilities().maxValueBytes());
        write(a, RecordWrite.create(RecordKey.HISTORY, longest));
        assertThat(value(b, RecordKey.HISTORY).orElseThrow()).hasSize(longest.length());
    }

    @Test
    final void aValueBeyondTheLimitIsRejected() {
        String tooLong = "€".repeat(a.capabilities().maxValueBytes() / 3 + 1);
        assertThatThrownBy(() -> a.write(RecordWrite.create(RecordKey.HISTORY, tooLong), TIMEOUT))
                .isInstanceOf(DcsException.Rejected.class);
        assertThat(snapshot(a).records()).isEmpty();
    }

    @Test
    final void bytesThatAreNoTextSpoilNothingElse() {
        write(a, RecordWrite.create(RecordKey.CONFIG, "good"));
        fixture.put(RecordKey.STATUS, new byte[] {'<', (byte) 0xC3, (byte) 0x28, (byte) 0xFF, '>'});
        assertThat(value(b, RecordKey.STATUS).orElseThrow())
                .startsWith("<")
                .contains("\uFFFD")
                .endsWith(">");
        assertThat(value(b, RecordKey.CONFIG)).hasValue("good");
    }

    @Test
    final void whatAForeignClientPutCanBeReplaced() {
        fixture.put(RecordKey.FAILOVER, "{}".getBytes(StandardCharsets.UTF_8));
        write(a, RecordWrite.over(snapshot(a).record(RecordKey.FAILOVER), RecordKey.FAILOVER, "ours"));
        assertThat(snapshot(b).records().keySet()).isEqualTo(Set.of(RecordKey.FAILOVER));
        assertThat(value(b, RecordKey.FAILOVER)).hasValue("ours");
    }
}
