// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whoever watches hears of changes; how often and how late is open. */
@Tag("Watches")
public abstract class WatchContract extends ContractCase {
    private final AtomicInteger hints = new AtomicInteger();

    @Test
    final void aHintFollowsAChangeOfARecord() {
        watch(a);
        assertHint("a record was created", () -> write(b, RecordWrite.create(RecordKey.CONFIG, "1")));
        assertHint("a record was changed", () -> write(b, RecordWrite.blind(RecordKey.CONFIG, "2")));
        assertHint("one's own write", () -> write(a, RecordWrite.blind(RecordKey.CONFIG, "3")));
    }

    @Test
    final void aHintFollowsAChangeOfTheLock() {
        watch(a);
        Lock[] lock = new Lock[1];
        assertHint("the lock was taken", () -> lock[0] = acquire(b, "site-2"));
        assertHint("the status changed", () -> b.renew(lock[0], Optional.of("1"), TIMEOUT));
        assertHint("the lock was released", () -> b.release(lock[0], List.of(), TIMEOUT));
    }

    @Test
    final void aHintFollowsAChangeOfTheMembers() {
        watch(a);
        assertHint("a member came", () -> b.register("node-2", "{}", TIMEOUT));
        assertHint("a member changed", () -> b.register("node-2", "{\"state\":\"running\"}", TIMEOUT));
        assertHint("a member's session was closed", b::close);
    }

    @Test
    final void aHintFollowsAForeignWrite() {
        watch(a);
        assertHint("a foreign client wrote", () -> fixture.put(RecordKey.FAILOVER, new byte[] {'{', '}'}));
    }

    @Test
    final void twoWatchesOfOneActionEndOneByOne() {
        Dcs.Watch first = watch(a);
        watch(a);
        first.close();
        first.close();
        assertHint("a record was created", () -> write(b, RecordWrite.create(RecordKey.CONFIG, "1")));
    }

    @Test
    final void aClosedWatchIsSilent() {
        watch(a).close();
        write(b, RecordWrite.create(RecordKey.CONFIG, "1"));
        fixture.pass(fixture.ttl().dividedBy(4));
        int before = hints.get();
        write(b, RecordWrite.blind(RecordKey.CONFIG, "2"));
        fixture.pass(fixture.ttl().dividedBy(4));
        assertThat(hints).hasValue(before);
    }

    private Dcs.Watch watch(Dcs session) {
        Dcs.Watch watch = session.watch(hints::incrementAndGet);
        snapshot(session);
        return watch;
    }

    private void assertHint(String what, Runnable change) {
        // Late hints of what was before must not count for this change.
        fixture.pass(fixture.ttl().dividedBy(20));
        int before = hints.get();
        change.run();
        soon("a hint after " + what, () -> hints.get() > before);
    }
}
