// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.postgres.Postgres.StopMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The ttl of a running cluster changes. In every step of every history the cluster itself checks that at most one server
 * accepts writes.
 */
class TtlChangeTest extends TwoMembers {
    private void ttl(int seconds) {
        cluster.put(
                RecordKey.CONFIG,
                "{\"ttl\":" + seconds + ",\"loop_wait\":" + seconds / 3 + ",\"retry_timeout\":" + seconds / 3 + "}");
    }

    @Example
    void theLeaderKeepsItsLockAndGoesOnWriting() {
        ttl(9);
        cluster.pass(300);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
        assertThat(cluster.look().members()).containsOnlyKeys("m1", "m2");
        // By the new ttl: the old one would be thrice as long.
        cluster.kill("m1");
        cluster.pass(12);
        assertThat(second.server().isWritable()).isTrue();
    }

    @Example
    void aLongerTtlIsWaitedForByThoseWhoFollow() {
        ttl(90);
        cluster.pass(60);
        cluster.kill("m1");
        cluster.pass(55);
        assertThat(second.server().isWritable()).isFalse();
        cluster.pass(40);
        assertThat(second.server().isWritable()).isTrue();
    }

    @Example
    void aCrashAfterTheChangeStartsAgainAsPrimaryOfTheSameTimeline() {
        ttl(12);
        cluster.pass(20);
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(5);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
    }

    @Example
    void aTtlThatTheGuardDoesNotConfirmIsNotToldToTheStore() {
        Lock before = cluster.look().leader().orElseThrow();
        first.server().deafenGuard(true);
        ttl(9);
        cluster.pass(0);
        assertThat(cluster.look().leader()).contains(before);
        assertThat(first.server().isWritable())
                .as("a server that nothing fences ends")
                .isFalse();
    }

    /** The leader dies after any request of the change, its guard goes on, and the other takes over when the store lets it. */
    @Property(tries = 150)
    void neverTwoPrimariesWhenTheLeaderDiesInTheMidst(
            @ForAll @IntRange(min = 30, max = 90) int before,
            @ForAll @IntRange(min = 6, max = 60) int after,
            @ForAll @IntRange(min = 1, max = 4) int requests,
            @ForAll @IntRange(min = 0, max = 40) int later) {
        ttl(before);
        cluster.pass(100 + later);
        first.dcs().dieAfter(requests);
        ttl(after);
        cluster.pass(400);
        assertThat(first.server().isWritable()).isFalse();
        assertThat(second.server().isWritable()).isTrue();
    }

    /** An answer gets lost: what it answered has happened. */
    @Property(tries = 150)
    void goesOnWhenAnAnswerIsLost(
            @ForAll @IntRange(min = 6, max = 90) int before,
            @ForAll @IntRange(min = 6, max = 90) int after,
            @ForAll @IntRange(min = 1, max = 12) int requests,
            @ForAll boolean ofTheLeader) {
        ttl(before);
        cluster.pass(100);
        (ofTheLeader ? first : second).dcs().loseReplyAfter(requests);
        ttl(after);
        cluster.pass(400);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).as("no demotion on the way").isEqualTo(1);
        assertThat(second.server().streams()).isTrue();
    }
}
