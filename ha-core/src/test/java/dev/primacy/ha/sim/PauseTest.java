// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.postgres.Postgres.StopMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** Two members of a cluster that is paused. */
class PauseTest extends TwoMembers {
    @BeforeTry
    void pause() {
        cluster.put(RecordKey.CONFIG, "{\"pause\":true}");
        cluster.pass(5);
    }

    @Example
    void membersShowThatTheyKnow() {
        cluster.look()
                .members()
                .values()
                .forEach(member ->
                        assertThat(MemberRecord.parse(member.value()).paused()).isTrue());
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(5);
        cluster.look()
                .members()
                .values()
                .forEach(member ->
                        assertThat(MemberRecord.parse(member.value()).paused()).isFalse());
    }

    @Example
    void aCrashedPrimaryIsNeitherStartedNorReplacedUntilThePauseEnds() {
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(300);
        assertThat(first.server().isWritable()).isFalse();
        assertThat(second.server().isWritable()).isFalse();
        assertThat(cluster.look().leader()).isEmpty();
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(60);
        assertThat(first.server().isWritable()).isNotEqualTo(second.server().isWritable());
    }

    @Example
    void aFailoverToANamedMemberStillWorks() {
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(5);
        cluster.put(RecordKey.FAILOVER, "{\"member\":\"m2\"}");
        cluster.pass(5);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
    }

    @Example
    void soDoesASwitchover() {
        cluster.put(RecordKey.FAILOVER, "{\"leader\":\"m1\",\"member\":\"m2\"}");
        cluster.pass(30);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(first.server().streams()).isTrue();
    }

    @Example
    void anAgentThatEndsLeavesItsStandbyRunning() {
        second.loop().close();
        assertThat(second.server().streams()).isTrue();
        first.loop().close();
        assertThat(first.server().isWritable()).isFalse();
    }

    /** Whatever dies or is not heard: a primary without its lock accepts no writes, which the cluster checks in each step. */
    @Property(tries = 100)
    void aPauseDoesNotWeakenFencing(
            @ForAll @IntRange(min = 1, max = 20) int requests, @ForAll boolean dies, @ForAll boolean asked) {
        if (dies) {
            first.dcs().dieAfter(requests);
        } else {
            first.dcs().loseReplyAfter(requests);
        }
        if (asked) {
            cluster.put(RecordKey.FAILOVER, "{\"member\":\"m2\"}");
        }
        cluster.pass(300);
        assertThat(dies && first.server().isWritable()).isFalse();
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(100);
        assertThat(first.server().isWritable()).isNotEqualTo(second.server().isWritable());
    }
}
