// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.OrderAnswer;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.decide.ScheduledRestart;
import dev.primacy.ha.sim.Cluster.Member;
import dev.primacy.multisite.SiteStanding;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Two members, of which the first leads, and a person who asks something of one of them. In every step the cluster itself
 * checks that at most one server accepts writes.
 */
class OrderTest extends TwoMembers {
    private static final Order.Restart RESTART = new Order.Restart(
            Optional.empty(), Optional.empty(), false, Optional.empty(), JsonObject.parse("{\"role\":\"primary\"}"));
    private static final Order ANEW = new Order.Reinitialize(false, false);

    private OrderAnswer answer(CompletableFuture<OrderAnswer> asked) {
        cluster.pass(3);
        assertThat(asked).isDone();
        return asked.join();
    }

    private long term() {
        return cluster.look().leader().orElseThrow().term();
    }

    @Example
    void aLeaderIsRestartedUnderItsLock() {
        long term = term();
        int starts = first.server().starts();
        first.server().needsRestartFor("shared_buffers");
        assertThat(answer(first.loop().order(RESTART))).isEqualTo(new OrderAnswer(true, "restarted successfully"));
        assertThat(first.server().starts()).isEqualTo(starts + 1);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
        assertThat(term()).isEqualTo(term);
        cluster.pass(30);
        assertThat(first.server().starts()).isEqualTo(starts + 1);
        assertThat(second.server().streams()).isTrue();
    }

    @Example
    void aLeaderIsRestartedInAPauseToo() {
        cluster.put(RecordKey.CONFIG, "{\"pause\":true}");
        cluster.pass(5);
        assertThat(answer(first.loop().order(RESTART)).done()).isTrue();
        assertThat(first.server().isWritable()).isTrue();
    }

    /** Even where a crash would be a reason to fail over at once. */
    @Example
    void aRestartIsNoCrash() {
        cluster.put(RecordKey.CONFIG, "{\"primary_start_timeout\":0}");
        cluster.pass(5);
        assertThat(answer(first.loop().order(RESTART)).done()).isTrue();
        cluster.pass(60);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
    }

    @Example
    void aStandbyIsRestarted() {
        int starts = second.server().starts();
        assertThat(answer(second.loop().order(RESTART)).done()).isTrue();
        assertThat(second.server().starts()).isEqualTo(starts + 1);
        assertThat(second.server().streams()).isTrue();
    }

    @Example
    void secondOrderIsDeniedWhileOneIsCarriedOut() {
        CompletableFuture<OrderAnswer> one = first.loop().order(RESTART);
        CompletableFuture<OrderAnswer> two = first.loop().order(RESTART);
        assertThat(answer(two)).isEqualTo(new OrderAnswer(false, "restart already in progress"));
        assertThat(answer(one).done()).isTrue();
    }

    /** The right ends when the restart has been decided on, and the server has not been touched yet. */
    @Example
    void aRightThatEndsMeanwhileEndsTheRestart() {
        CompletableFuture<OrderAnswer> asked = first.loop().order(RESTART);
        cluster.time.pass(Duration.ofMillis(100));
        cluster.stands(new SiteStanding.Unknown("no news"));
        first.loop().siteListener().standingChanged();
        assertThat(answer(asked).done()).isFalse();
        cluster.pass(5);
        assertThat(first.server().isWritable()).isFalse();
        cluster.stands(new SiteStanding.Single());
        cluster.pass(60);
        assertThat(first.server().isWritable()).isNotEqualTo(second.server().isWritable());
    }

    @Example
    void aScheduledRestartIsShownAndDoneOnceInTime() {
        int starts = second.server().starts();
        String started = second.loop()
                .view()
                .orElseThrow()
                .seen()
                .postgres()
                .server()
                .orElseThrow()
                .started();
        ScheduledRestart restart = new ScheduledRestart(
                new Order.Restart(Optional.empty(), Optional.empty(), false, Optional.empty(), JsonObject.EMPTY),
                cluster.wall().plusSeconds(47).atOffset(ZoneOffset.UTC),
                started);
        assertThat(second.loop().schedule(restart)).isTrue();
        assertThat(second.loop().schedule(restart)).isFalse();
        cluster.pass(45);
        assertThat(second.server().starts()).isEqualTo(starts);
        assertThat(shown("m2")).contains(restart.json());
        cluster.pass(4);
        assertThat(second.server().starts()).isEqualTo(starts + 1);
        cluster.pass(600);
        assertThat(second.server().starts()).isEqualTo(starts + 1);
        assertThat(shown("m2")).isEmpty();
        assertThat(second.loop().unschedule()).isFalse();
    }

    private Optional<JsonObject> shown(String member) {
        return MemberRecord.parse(cluster.look().members().get(member).value()).scheduledRestart();
    }

    @Example
    void aStandbyIsCopiedAnew() {
        second.server().part(500);
        assertThat(answer(second.loop().order(ANEW))).isEqualTo(new OrderAnswer(true, "reinitialize started"));
        assertThat(second.server().discards()).isEqualTo(1);
        cluster.pass(10);
        assertThat(second.server().streams()).isTrue();
        assertThat(second.server().rewinds()).isZero();
    }

    @Example
    void aLeaderIsNotWiped() {
        assertThat(answer(first.loop().order(new Order.Reinitialize(true, true))))
                .isEqualTo(new OrderAnswer(false, "I am the leader, can not reinitialize"));
        cluster.pass(10);
        assertThat(first.server().discards()).isZero();
        assertThat(first.server().isWritable()).isTrue();
    }

    /** The lock and the record of a leader that died stand for a while; what is here may be the only copy then. */
    @Example
    void nothingIsWipedWhenTheLeaderDoesNotAnswer() {
        cluster.kill("m1");
        first.server().cutOff();
        assertThat(cluster.look().leader()).isPresent();
        assertThat(answer(second.loop().order(ANEW)).text()).isEqualTo("reinitialize started");
        cluster.pass(5);
        assertThat(second.server().discards()).isZero();
        cluster.pass(60);
        assertThat(second.server().isWritable()).isTrue();
    }

    @Example
    void aReloadReachesTheServer() {
        assertThat(answer(first.loop().order(new Order.Reload())).done()).isTrue();
        assertThat(first.server().reloads()).isEqualTo(1);
    }

    @Example
    void whatIsAskedOfAnAgentThatStopsIsAnswered() {
        CompletableFuture<OrderAnswer> asked = first.loop().order(RESTART);
        first.loop().close();
        assertThat(asked).isDone();
        assertThat(first.loop().order(RESTART).join().done()).isFalse();
    }

    /** A member dies or is not heard at any point of anything that is asked; nothing that was acknowledged is lost. */
    @Property(tries = 200)
    void losesNothingWhateverGoesWrong(
            @ForAll @IntRange(min = 1, max = 25) int requests,
            @ForAll boolean ofLeader,
            @ForAll boolean leaderFails,
            @ForAll boolean dies,
            @ForAll boolean anew) {
        first.server().write(777);
        long written = first.server().end();
        cluster.pass(2);
        Member victim = leaderFails ? first : second;
        if (dies) {
            victim.dcs().dieAfter(requests);
        } else {
            victim.dcs().loseReplyAfter(requests);
        }
        Order order = anew ? new Order.Reinitialize(true, false) : RESTART;
        CompletableFuture<OrderAnswer> asked =
                (ofLeader ? first : second).loop().order(order);
        cluster.pass(400);
        List<Member> writable = List.of(first, second).stream()
                .filter(member -> member.server().isWritable())
                .toList();
        assertThat(writable).hasSize(1);
        assertThat(writable.get(0).server().end()).isGreaterThanOrEqualTo(written);
        assertThat(asked.isDone() || dies).as("whoever lives answers").isTrue();
    }
}
