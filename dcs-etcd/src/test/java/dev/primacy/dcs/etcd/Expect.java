// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.primacy.dcs.AcquireOutcome.Acquired;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.ReleaseOutcome;
import dev.primacy.dcs.RenewOutcome;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What tests of several kinds of servers expect of a session. */
final class Expect {
    static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final String SECRET = "s3cret";

    private Expect() {}

    /** All verbs once. */
    static void works(Dcs session) {
        assertThat(session.write(RecordWrite.blind(RecordKey.CONFIG, "{}"), TIMEOUT))
                .isInstanceOf(WriteOutcome.Done.class);
        session.register("node", "{}", TIMEOUT);
        Acquired acquired = (Acquired) session.acquire(LockClaim.free("node"), TIMEOUT);
        assertThat(session.renew(acquired.lock(), Optional.of("1"), TIMEOUT)).isInstanceOf(RenewOutcome.Renewed.class);
        assertThat(session.snapshot(TIMEOUT).leader()).hasValue(acquired.lock());
        assertThat(session.release(acquired.lock(), List.of(), TIMEOUT)).isInstanceOf(ReleaseOutcome.Released.class);
    }

    /** Refused for good, long before the timeout, and without telling the password. */
    static void rejected(Runnable verb, String why) {
        MonotonicInstant start = EtcdFixture.CLOCK.now();
        Throwable problem = catchThrowable(verb::run);
        assertThat(start.until(EtcdFixture.CLOCK.now()))
                .isLessThan(TIMEOUT.multipliedBy(3).dividedBy(4));
        assertThat(problem).isInstanceOf(DcsException.Rejected.class).hasMessageContaining(why);
        tellsNoSecret(problem);
    }

    /** Whoever reads the log learns no password. */
    static void tellsNoSecret(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(SECRET);
        }
    }
}
