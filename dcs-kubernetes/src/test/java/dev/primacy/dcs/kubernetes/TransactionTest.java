// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What others make of a transaction whose owner has gone in the midst of it. */
class TransactionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Cluster cluster = new Cluster(Cluster.one(), Kind.CONFIG_MAPS);
    private final Dcs dcs = cluster.open("demo", "a", Duration.ofSeconds(30), Map.of());
    private final Lock lock = ((AcquireOutcome.Acquired) dcs.acquire(LockClaim.free("pg1"), TIMEOUT)).lock();

    TransactionTest() {
        dcs.write(RecordWrite.create(RecordKey.CONFIG, "before"), TIMEOUT);
    }

    private void announce(long guard) {
        ObjectNode intent = Json.object().put("transaction", "gone/1").put("guard", guard);
        intent.putObject("annotations").put("config", "after").put("history", "[]");
        cluster.annotate(
                "demo",
                "-config",
                Json.object().put(Names.INTENT, intent.toString()).toString());
    }

    private long leaderVersion() {
        return KubeObject.of(cluster.object("demo-leader")).version();
    }

    private Optional<String> config() {
        return dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG).map(Stored::value);
    }

    private boolean isAnnounced() {
        return KubeObject.of(cluster.object("demo-config")).annotations().containsKey(Names.INTENT);
    }

    @Test
    void whatWasOnlyAnnouncedIsNotSeenAndNeverHappens() {
        announce(leaderVersion());
        assertThat(config()).hasValue("before");
        Stored seen = dcs.snapshot(TIMEOUT).record(RecordKey.CONFIG).orElseThrow();
        // Stops it, by a change of the leader's object that is no sign of life.
        assertThat(dcs.write(RecordWrite.replace(RecordKey.CONFIG, "mine", seen.version()), TIMEOUT))
                .isInstanceOf(WriteOutcome.Done.class);
        assertThat(isAnnounced()).isFalse();
        assertThat(config()).hasValue("mine");
        assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
    }

    @Test
    void aRenewalStopsIt() {
        announce(leaderVersion());
        assertThat(dcs.renew(lock, Optional.empty(), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        assertThat(config()).hasValue("before");
        dcs.release(lock, List.of(RecordWrite.blind(RecordKey.HISTORY, "[1]")), TIMEOUT);
        assertThat(isAnnounced()).isFalse();
        assertThat(config()).hasValue("before");
        assertThat(dcs.snapshot(TIMEOUT).record(RecordKey.HISTORY).map(Stored::value))
                .hasValue("[1]");
    }

    @Test
    void whatTheLeadersObjectNamesHasHappened() {
        announce(leaderVersion());
        cluster.annotate(
                "demo", "-leader", Json.object().put(Names.COMMITTED, "gone/1").toString());
        assertThat(config()).as("although the object does not say so yet").hasValue("after");
        dcs.write(RecordWrite.blind(RecordKey.INITIALIZE, "7"), TIMEOUT);
        assertThat(isAnnounced()).isFalse();
        assertThat(KubeObject.of(cluster.object("demo-config")).annotations())
                .containsEntry("config", "after")
                .containsEntry("history", "[]")
                .containsEntry("initialize", "7");
    }

    /** The next transaction would take the name of the last one away, which others still need. */
    @Test
    void theNextTransactionFinishesTheOneBefore() {
        announce(leaderVersion());
        cluster.annotate(
                "demo", "-leader", Json.object().put(Names.COMMITTED, "gone/1").toString());
        dcs.release(lock, List.of(RecordWrite.blind(RecordKey.SYNC, "{}")), TIMEOUT);
        assertThat(config()).hasValue("after");
        assertThat(isAnnounced()).isFalse();
    }
}
