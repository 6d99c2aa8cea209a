// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.testkit.server.StoreServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that crash, freeze and come back: the store keeps what it promised, and its clients find their way. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
public abstract class ServerFaultContract extends ContractCase {
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private StoreServers servers = StoreServers.none();

    /** Servers that nobody else uses. Called once. */
    protected abstract StoreServers start();

    /** A new fixture on these servers, with an empty scope. */
    protected abstract RemoteFixture fixture(StoreServers on);

    @Override
    protected final RemoteFixture fixture() {
        return fixture(servers);
    }

    final StoreServers servers() {
        return servers;
    }

    @BeforeAll
    final void startServers() {
        servers = start();
    }

    @AfterEach
    final void healServers() {
        servers.heal();
    }

    @AfterAll
    final void endServers() {
        servers.close();
    }

    @Test
    final void recordsOutliveARestartOfAllServers() {
        write(a, RecordWrite.create(RecordKey.CONFIG, "kept"));
        all(servers::kill);
        assertThat(unanswered(() -> a.snapshot(Duration.ofMillis(700)))).isTrue();
        servers.heal();
        within(RECOVERY, "a reads again", () -> answers(() -> a.snapshot(TIMEOUT)));
        assertThat(seenByOther().record(RecordKey.CONFIG).map(Stored::value)).hasValue("kept");
        write(b, RecordWrite.blind(RecordKey.CONFIG, "changed"));
        assertThat(value(a, RecordKey.CONFIG)).hasValue("changed");
    }

    @Test
    final void theLossOfTheLeadingServerLosesNothing() {
        write(a, RecordWrite.create(RecordKey.CONFIG, "kept"));
        Lock lock = acquire(a, "site-1");
        servers.kill(servers.leader());
        if (servers.count() == 1) {
            servers.heal();
        }
        staysWith(lock);
        assertThat(seenByOther().record(RecordKey.CONFIG).map(Stored::value)).hasValue("kept");
    }

    @Test
    final void serversThatAreBackAfterTheTtlKeepTheLockOrGiveItUp() {
        Lock lock = acquire(a, "site-1");
        // A client whose connections hang may count otherwise than one whose connections are refused.
        fixture.silence(a);
        all(servers::kill);
        fixture.pass(fixture.ttl().multipliedBy(2));
        servers.heal();
        fixture.hear(a);
        staysWith(lock);
    }

    @Test
    final void aLeadingServerThatFreezesGivesNothingAway() {
        Lock lock = acquire(a, "site-1");
        int leader = servers.leader();
        servers.freeze(leader);
        if (servers.count() == 1) {
            fixture.pass(fixture.ttl().dividedBy(4));
            servers.thaw(leader);
        }
        staysWith(lock);
        servers.thaw(leader);
        staysWith(lock);
    }

    /**
     * The lock is renewed again, unless its time was over: then it gets free. Its client may give the session up before the
     * store does: one that comes back gives sessions their time again.
     */
    final void staysWith(Lock lock) {
        List<RenewOutcome> answers = new ArrayList<>();
        within(RECOVERY, "the lock is renewed, or known to be lost", () -> {
            attempt(() -> a.renew(lock, Optional.of("on"), TIMEOUT)).ifPresent(answers::add);
            return !answers.isEmpty();
        });
        if (answers.get(0) instanceof RenewOutcome.Renewed) {
            assertThat(seenByOther().leader()).hasValue(lock);
        } else {
            within(
                    fixture.ttl().plus(fixture.grace()),
                    "a lock that was lost is free",
                    () -> !seenByOther().isHeldBy(lock));
        }
    }

    /** Its connection may have led to the server that failed. */
    final Snapshot seenByOther() {
        List<Snapshot> seen = new ArrayList<>();
        within(RECOVERY, "b reads", () -> {
            attempt(() -> b.snapshot(TIMEOUT)).ifPresent(seen::add);
            return !seen.isEmpty();
        });
        return seen.get(0);
    }

    @Test
    final void whoFreezesLongerThanTheTtlKeepsNobodyOut() {
        Lock lock = acquire(a, "site-1");
        all(servers::freeze);
        fixture.pass(fixture.ttl().plus(fixture.grace()));
        all(servers::thaw);
        Dcs c = open("c");
        within(
                RECOVERY,
                "somebody has the lock",
                () -> attempt(() -> a.renew(lock, Optional.empty(), TIMEOUT))
                                .filter(RenewOutcome.Renewed.class::isInstance)
                                .isPresent()
                        || attempt(() -> c.acquire(LockClaim.free("site-3"), TIMEOUT))
                                .filter(AcquireOutcome.Acquired.class::isInstance)
                                .isPresent());
    }

    private void all(IntConsumer fault) {
        IntStream.range(0, servers.count()).forEach(fault);
    }

    private static <T> Optional<T> attempt(Supplier<T> verb) {
        try {
            return Optional.of(verb.get());
        } catch (DcsException e) {
            assertThat(e).isNotInstanceOf(DcsException.Rejected.class);
            return Optional.empty();
        }
    }

    private static boolean answers(Supplier<?> verb) {
        return attempt(verb).isPresent();
    }

    private static boolean unanswered(Supplier<?> verb) {
        return attempt(verb).isEmpty();
    }
}
