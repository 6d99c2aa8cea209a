// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.ha.sim.Cluster.Member;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * The leader cannot reach the store. In every step of every history the cluster itself checks that at most one server
 * accepts writes.
 */
class FailsafeTest extends TwoMembers {
    private static final String ON = "{\"failsafe_mode\":true}";

    @BeforeTry
    void turnOn() {
        cluster.put(RecordKey.CONFIG, ON);
        cluster.pass(60);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(cluster.stored(RecordKey.FAILSAFE)).isEqualTo("{\"m1\":\"http://m1\",\"m2\":\"http://m2\"}");
    }

    private void cutAll(boolean now) {
        first.dcs().cut(now);
        second.dcs().cut(now);
    }

    @Example
    void aLeaderGoesOnWhileAllPromise() {
        cutAll(true);
        cluster.pass(600);
        assertThat(first.server().isWritable()).isTrue();
        cutAll(false);
        cluster.pass(60);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).as("no demotion on the way").isEqualTo(1);
        Lock lock = cluster.look().leader().orElseThrow();
        assertThat(lock.holder()).isEqualTo("m1");
        assertThat(first.loop().lease().orElseThrow().lock().term()).isEqualTo(lock.term());
    }

    /** The store lets the lock expire, and those who see that stand by their promise. */
    @Example
    void onlyTheLeaderIsCutOff() {
        first.dcs().cut(true);
        cluster.pass(600);
        assertThat(cluster.look().leader()).isEmpty();
        assertThat(first.server().isWritable()).isTrue();
        first.dcs().cut(false);
        cluster.pass(60);
        assertThat(first.server().timeline()).isEqualTo(1);
        assertThat(cluster.look().leader().orElseThrow().holder()).isEqualTo("m1");
    }

    @Example
    void withoutOnePromiseTheLeaderEndsInTime() {
        cluster.silence("m2");
        cutAll(true);
        cluster.pass(31);
        assertThat(first.server().isWritable()).isFalse();
    }

    @Example
    void withoutFailsafeModeTheLeaderEndsInTime() {
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(60);
        assertThat(cluster.stored(RecordKey.FAILSAFE)).isEqualTo("{}");
        cutAll(true);
        cluster.pass(31);
        assertThat(first.server().isWritable()).isFalse();
    }

    @Example
    void whoPromisedLeadsWhenTheLeaderDiesAndNotBefore() {
        first.dcs().cut(true);
        cluster.pass(100);
        cluster.kill("m1");
        cluster.pass(15);
        assertThat(second.server().isWritable()).isFalse();
        cluster.pass(60);
        assertThat(second.server().isWritable()).isTrue();
    }

    /** With all that it knew. */
    @Example
    void whoPromisedAndDiesKeepsItsPromiseInItsNextLife() {
        first.dcs().cut(true);
        cluster.pass(100);
        cluster.silence("m2");
        cluster.kill("m2");
        second = cluster.start("m2");
        cluster.pass(2);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(second.server().isWritable()).isFalse();
        cluster.pass(100);
        assertThat(second.server().isWritable()).isTrue();
    }

    /** Nobody asks it for a promise. */
    @Example
    void whoIsNotListedDoesNotLead() {
        first.dcs().cut(true);
        cluster.pass(15);
        Member third = cluster.start("m3");
        cluster.pass(300);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(third.loop().view().orElseThrow().decision().reason()).contains("does not list this member");
    }

    /** Of whom it lists the next leader has no promise. */
    @Example
    void whatAFormerLeaderSentIsVoidOnceAnotherLeads() {
        Stored before = cluster.look().record(RecordKey.FAILSAFE).orElseThrow();
        cluster.put(RecordKey.FAILOVER, "{\"leader\":\"m1\",\"member\":\"m2\"}");
        cluster.pass(60);
        assertThat(second.server().isWritable()).isTrue();
        isVoid(before);
    }

    /** The same, with its own. */
    @Example
    void whatALeaderSentInALifeBeforeIsVoid() {
        Stored before = cluster.look().record(RecordKey.FAILSAFE).orElseThrow();
        cluster.kill("m1");
        first = cluster.start("m1");
        cluster.pass(20);
        assertThat(first.server().isWritable()).isTrue();
        isVoid(before);
    }

    /** What was to replace {@code before}, and comes now. */
    private void isVoid(Stored before) {
        assertThat(cluster.write(RecordWrite.replace(RecordKey.FAILSAFE, "{\"m3\":\"http://m3\"}", before.version())))
                .isInstanceOf(WriteOutcome.Conflict.class);
    }

    /** It was listed when it saw the lock free. Then it hung while another led, listed others, and lost the store. */
    @Example
    void aClaimOfAMemberThatIsNoLongerListedIsRefused() {
        Member third = cluster.start("m3");
        cluster.pass(60);
        assertThat(cluster.stored(RecordKey.FAILSAFE)).contains("m3");
        boolean[] hung = {false};
        third.dcs().beforeClaim(() -> {
            second.dcs().cut(false);
            cluster.pass(100);
            assertThat(second.server().isWritable()).isTrue();
            assertThat(cluster.stored(RecordKey.FAILSAFE)).doesNotContain("m3");
            second.dcs().cut(true);
            cluster.pass(100);
            assertThat(cluster.look().leader()).isEmpty();
            hung[0] = true;
        });
        second.dcs().cut(true);
        cluster.kill("m1");
        cluster.pass(100);
        assertThat(hung[0]).isTrue();
        assertThat(third.loop().lease()).isEmpty();
        assertThat(third.server().isWritable()).isFalse();
        assertThat(second.server().isWritable()).isTrue();
    }

    /** Whatever moment the store goes and comes back at, for whom, and whoever is silent meanwhile. */
    @Property(tries = 300)
    void neverTwoPrimariesAndOneInTheEnd(
            @ForAll @IntRange(max = 40) int apart,
            @ForAll @IntRange(min = 1, max = 200) int outage,
            @ForAll @IntRange(max = 3) int who,
            @ForAll @IntRange(min = -20, max = 150) int silentAfter,
            @ForAll @IntRange(min = 1, max = 40) int lostReply,
            @ForAll boolean back) {
        if (who != 1) {
            first.dcs().cut(true);
        }
        cluster.pass(apart);
        if (who != 0) {
            second.dcs().cut(true);
        }
        if (silentAfter >= 0) {
            cluster.pass(silentAfter);
            cluster.silence("m2");
        }
        cluster.pass(outage);
        first.dcs().loseReplyAfter(lostReply);
        (back ? first : second).dcs().cut(false);
        cluster.pass(apart);
        cutAll(false);
        cluster.pass(200);
        assertThat(first.server().isWritable() || second.server().isWritable()).isTrue();
    }
}
