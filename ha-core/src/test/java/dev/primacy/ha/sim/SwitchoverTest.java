// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.ha.sim.Cluster.Member;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Three members, of which the first leads, and a person who asks for another leader. In every step the cluster itself
 * checks that at most one server accepts writes.
 */
class SwitchoverTest {
    private Cluster cluster;
    private Member first;
    private Member second;
    private Member third;

    /** jqwik uses one object for all tries. */
    @BeforeTry
    void start() {
        cluster = new Cluster();
        first = cluster.start("m1");
        cluster.pass(5);
        second = cluster.start("m2");
        third = cluster.start("m3");
        cluster.pass(30);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(List.of(second.server().streams(), third.server().streams())).doesNotContain(false);
    }

    private void ask(String request) {
        cluster.put(RecordKey.FAILOVER, request);
    }

    @Example
    void thereAndBackAgainWithinATtl() {
        ask("{\"leader\":\"m1\",\"member\":\"m3\"}");
        cluster.pass(5);
        assertThat(third.server().isWritable()).isTrue();
        assertThat(first.server().streams()).isTrue();
        ask("{\"leader\":\"m3\",\"member\":\"m1\"}");
        cluster.pass(5);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(third.server().streams()).isTrue();
    }

    @Example
    void theCandidateTakesOverWithEverythingAndTheOldLeaderFollows() {
        first.server().write(777);
        long written = first.server().end();
        ask("{\"leader\":\"m1\",\"member\":\"m3\"}");
        cluster.pass(3);
        assertThat(third.server().isWritable()).isTrue();
        assertThat(third.server().end()).isGreaterThan(written);
        assertThat(third.server().timeline()).isEqualTo(2);
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
        cluster.pass(20);
        assertThat(first.server().streams()).isTrue();
        assertThat(second.server().streams()).isTrue();
        assertThat(first.server().rewinds()).isZero();
    }

    @Example
    void anybodyTakesOverIfNobodyIsNamed() {
        ask("{\"leader\":\"m1\"}");
        cluster.pass(3);
        assertThat(first.server().isWritable()).isFalse();
        assertThat(second.server().isWritable()).isNotEqualTo(third.server().isWritable());
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
    }

    @Example
    void theLeaderStartsAgainIfTheCandidateMissesTheLastRecord() {
        third.server().missTheLast();
        third.server().cutOffFromUpstream();
        ask("{\"leader\":\"m1\",\"member\":\"m3\"}");
        cluster.pass(30);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
    }

    @Example
    void whatCannotBeDoneIsNotBegun() {
        for (String request : List.of(
                "{\"leader\":\"m1\",\"member\":\"m9\"}",
                "{\"leader\":\"m2\",\"member\":\"m3\"}",
                "{\"member\":\"m1\"}")) {
            ask(request);
            cluster.pass(15);
            assertThat(first.server().isWritable()).isTrue();
            assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
        }
    }

    @Example
    void aScheduledOneIsDoneOnceAndInTime() {
        ask("{\"leader\":\"m1\",\"member\":\"m2\",\"scheduled_at\":\""
                + cluster.wall().plusSeconds(47) + "\"}");
        cluster.pass(46);
        assertThat(first.server().isWritable()).isTrue();
        cluster.pass(5);
        assertThat(second.server().isWritable()).isTrue();
        cluster.pass(600);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(second.server().timeline()).isEqualTo(2);
    }

    @Example
    void aFailoverWithoutALeaderGoesToWhomItNames() {
        cluster.kill("m1");
        cluster.pass(25);
        ask("{\"member\":\"m3\"}");
        cluster.pass(20);
        assertThat(third.server().isWritable()).isTrue();
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
    }

    @Example
    void aCandidateThatIsGoneKeepsNobodyFromLeading() {
        cluster.kill("m1");
        cluster.kill("m3");
        ask("{\"member\":\"m3\"}");
        cluster.pass(45);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(cluster.stored(RecordKey.FAILOVER)).isEqualTo("{}");
    }

    /** Something dies or is not heard at any point; nothing that was acknowledged is lost, and one leads in the end. */
    @Property(tries = 200)
    void losesNothingWhateverGoesWrong(
            @ForAll @IntRange(min = 1, max = 25) int requests,
            @ForAll @IntRange(min = 0, max = 2) int whose,
            @ForAll boolean dies,
            @ForAll boolean named,
            @ForAll boolean candidateMissesSome) {
        Member victim = List.of(first, second, third).get(whose);
        if (candidateMissesSome) {
            third.server().cutOffFromUpstream();
        }
        first.server().write(777);
        long written = first.server().end();
        cluster.pass(2);
        if (dies) {
            victim.dcs().dieAfter(requests);
        } else {
            victim.dcs().loseReplyAfter(requests);
        }
        ask(named ? "{\"leader\":\"m1\",\"member\":\"m3\"}" : "{\"leader\":\"m1\"}");
        cluster.pass(400);
        List<Member> writable = List.of(first, second, third).stream()
                .filter(member -> member.server().isWritable())
                .toList();
        assertThat(writable).hasSize(1);
        // The death of the leader is no switchover: then a member within the bound may lead.
        if (!(dies && candidateMissesSome)) {
            assertThat(writable.get(0).server().end()).isGreaterThanOrEqualTo(written);
        }
    }
}
