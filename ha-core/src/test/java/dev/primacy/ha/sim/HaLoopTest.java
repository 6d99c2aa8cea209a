// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.OrderAnswer;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.sim.Cluster.Member;
import dev.primacy.postgres.Postgres.StopMode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Two members over a store in memory, in virtual time. */
final class HaLoopTest {
    private final Cluster cluster = new Cluster();

    @Test
    void firstMemberFoundsAndTheSecondCopiesAndFollows() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        assertThat(first.server().isWritable()).isTrue();
        Member second = cluster.start("m2");
        cluster.pass(5);
        assertThat(second.server().streams()).isTrue();
        assertThat(first.server().slots()).containsExactly("m2");
        assertThat(cluster.refusals).isEmpty();
    }

    @Test
    void bothAtOnceFoundOneDatabase() {
        Member first = cluster.start("m1");
        Member second = cluster.start("m2");
        cluster.pass(10);
        assertThat(first.server().isWritable()).isNotEqualTo(second.server().isWritable());
        assertThat(first.server().streams()).isNotEqualTo(second.server().streams());
    }

    @Test
    void databaseOfAnAgentThatDiedIsUsedByTheNextOne() {
        FakePostgres server = cluster.machine("m1");
        server.initialize();
        String founded = server.systemIdentifier();
        cluster.start("m1");
        cluster.pass(1);
        assertThat(server.isWritable()).isTrue();
        assertThat(server.timeline()).isEqualTo(1);
        assertThat(server.systemIdentifier()).isEqualTo(founded);
    }

    @Test
    void databaseOfAnAgentThatDiedGoesIfAnotherWasFoundedMeanwhile() {
        FakePostgres server = cluster.machine("m1");
        server.initialize();
        Member second = cluster.start("m2");
        cluster.pass(5);
        assertThat(second.server().isWritable()).isTrue();
        cluster.start("m1");
        cluster.pass(5);
        assertThat(server.systemIdentifier()).isEqualTo(second.server().systemIdentifier());
        assertThat(server.streams()).isTrue();
        assertThat(cluster.refusals).isEmpty();
    }

    @Test
    void usedDatabaseStaysAlsoIfAnotherWasFoundedMeanwhile() {
        FakePostgres server = cluster.machine("m1");
        server.initialize();
        server.startStandby(Optional.empty(), Cluster.TIMING.ttl());
        server.stop(StopMode.FAST, Cluster.TIMING.ttl());
        String used = server.systemIdentifier();
        cluster.start("m2");
        cluster.pass(5);
        cluster.start("m1");
        cluster.pass(5);
        assertThat(server.systemIdentifier()).isEqualTo(used);
        assertThat(cluster.refusals).isNotEmpty();
    }

    @Test
    void deadLeaderIsReplacedWithinItsTtlAndReturnsAsAFollower() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(60);
        assertThat(second.server().streams()).isTrue();

        cluster.kill("m1");
        first.server().cutOff();
        first.server().write(500);
        cluster.pass(15);
        assertThat(second.server().isWritable()).as("before the ttl").isFalse();
        cluster.pass(20);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(second.server().timeline()).isEqualTo(2);

        Member back = cluster.start("m1");
        cluster.pass(10);
        assertThat(back.server().streams()).isTrue();
        assertThat(back.server().timeline()).isEqualTo(2);
        assertThat(back.server().rewinds()).isEqualTo(1);
    }

    @Test
    void leaderWritesItsPositionOnlyWhereTheStoreShowsAnother() {
        Member leader = cluster.start("m1");
        cluster.pass(25);
        int before = leader.dcs().positions();
        cluster.pass(120);
        assertThat(leader.dcs().positions()).isEqualTo(before);

        StatusRecord shown = cluster.status();
        leader.server().write(500);
        cluster.pass(21);
        assertThat(cluster.status().optime()).isEqualTo(shown.optime() + 500);

        cluster.put(RecordKey.STATUS, "{}");
        cluster.pass(21);
        assertThat(cluster.status().optime()).isEqualTo(shown.optime() + 500);
    }

    @Test
    void leaderThatLeavesInOrderIsReplacedAtOnce() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(5);
        first.loop().close();
        assertThat(cluster.status().timeline()).as("told along with its end").hasValue(1L);
        cluster.pass(3);
        assertThat(first.server().isWritable()).isFalse();
        assertThat(second.server().isWritable()).isTrue();
    }

    @Test
    void crashedServerOfALivingLeaderStartsAgainAsPrimaryOfTheSameTimeline() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        cluster.start("m2");
        cluster.pass(5);
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(3);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(1);
    }

    @Test
    void idleMembersNeitherSpinNorWriteMoreThanOnceALoopWait() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(60);
        int readsBefore = first.dcs().reads() + second.dcs().reads();
        int writesOfFirst = first.dcs().writes();
        int writesOfSecond = second.dcs().writes();
        cluster.pass(600);
        assertThat(first.dcs().writes() - writesOfFirst).isLessThanOrEqualTo(61);
        assertThat(second.dcs().writes() - writesOfSecond).isLessThanOrEqualTo(61);
        assertThat(first.dcs().reads() + second.dcs().reads() - readsBefore)
                .as("looks of both in ten minutes")
                .isLessThanOrEqualTo(60 / 2 + 60 / 4);
    }

    private Member standbyThatHearsOfNothing() {
        cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(60);
        second.dcs().hear(false);
        return second;
    }

    @Test
    void memberThatHearsOfNothingLooksInTime() {
        Member second = standbyThatHearsOfNothing();
        cluster.kill("m1");
        cluster.pass(30 + 15 + 15);
        assertThat(second.server().isWritable()).isTrue();
    }

    @Test
    void memberAtRestLooksAgainBeforeItActs() {
        Member second = standbyThatHearsOfNothing();
        int looked = second.dcs().reads();
        while (second.dcs().reads() == looked) {
            cluster.pass(1);
        }
        second.dcs().cut(true);
        CompletableFuture<OrderAnswer> asked = second.loop().order(new Order.Reinitialize(false, false));
        cluster.pass(5);
        assertThat(asked).isCompleted();
        assertThat(asked.join().text()).contains("DCS is not accessible");
        assertThat(second.server().streams()).isTrue();
    }

    @Test
    void membersOfAClusterThatWritesLookInEachRound() {
        Member first = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(60);
        int before = second.dcs().reads();
        for (int round = 0; round < 20; round++) {
            first.server().write(100);
            cluster.pass(10);
        }
        assertThat(second.dcs().reads() - before).isGreaterThanOrEqualTo(20);
    }

    @Test
    void standbyThatCannotStreamLooksLessOftenTheLongerThatLasts() {
        Member leader = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(60);
        leader.server().cutOff();
        int before = second.dcs().reads();
        cluster.pass(20);
        int first = second.dcs().reads() - before;
        cluster.pass(580);
        assertThat(first).as("rounds in the first twenty seconds").isGreaterThan(8);
        assertThat(second.dcs().reads() - before).as("rounds in ten minutes").isLessThan(3 * 60);
    }

    @Test
    void withoutALeaderAMemberNeverLooksLessOften() {
        cluster.start("m1");
        cluster.pass(5);
        cluster.tag("m2", "{\"nofailover\":true}");
        Member second = cluster.start("m2");
        cluster.pass(60);
        cluster.kill("m1");
        cluster.pass(60);
        int before = second.dcs().reads();
        cluster.pass(300);
        assertThat(second.server().isWritable()).isFalse();
        assertThat(second.dcs().reads() - before).as("rounds in five minutes").isGreaterThan(500);
    }

    @Test
    void leaderPutsTheFilesSettingsIntoTheStoreAndAllGoByWhatIsThere() {
        cluster.filesHave("{\"ttl\":30,\"postgresql\":{\"use_slots\":true}}");
        cluster.start("m1");
        cluster.pass(5);
        assertThat(cluster.stored(RecordKey.CONFIG)).isEqualTo("{\"ttl\":30,\"postgresql\":{\"use_slots\":true}}");
        cluster.put(RecordKey.CONFIG, "{\"ttl\":9,\"loop_wait\":3,\"retry_timeout\":3}");
        cluster.filesHave("{\"ttl\":60}");
        Member second = cluster.start("m2");
        cluster.pass(60);
        cluster.kill("m1");
        cluster.pass(13);
        assertThat(second.server().isWritable()).isTrue();
        assertThat(cluster.stored(RecordKey.CONFIG)).contains("\"ttl\":9");
    }

    @Test
    void whatCannotBeReadHarmsNothingAndIsReplacedByWhatHeldBefore() {
        cluster.filesHave("{\"ttl\":30}");
        Member first = cluster.start("m1");
        Member second = cluster.start("m2");
        cluster.pass(30);
        cluster.put(RecordKey.CONFIG, "{\"ttl\":9,\"loop_wait\":3,\"retry_timeout\":3}");
        cluster.pass(30);
        for (String junk : new String[] {"", "[]", "{\"ttl\":", "null"}) {
            cluster.put(RecordKey.CONFIG, junk);
            cluster.pass(30);
            assertThat(cluster.stored(RecordKey.CONFIG)).contains("\"ttl\":9");
        }
        cluster.put(RecordKey.CONFIG, "{\"ttl\":1}");
        cluster.pass(30);
        assertThat(cluster.stored(RecordKey.CONFIG)).isEqualTo("{\"ttl\":1}");
        assertThat(first.server().isWritable()).isNotEqualTo(second.server().isWritable());
        assertThat(first.loop().view().orElseThrow().seen().cluster()).isPresent();
        String leader = first.server().isWritable() ? "m1" : "m2";
        cluster.kill(leader);
        cluster.pass(13);
        assertThat((leader.equals("m1") ? second : first).server().isWritable())
                .as("by the ttl of 9 s that held before")
                .isTrue();
    }

    @Test
    void tagsAreToldAndKeepAMemberFromLeading() {
        cluster.tag("m2", "{\"nofailover\":true,\"rack\":7}");
        cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        Member third = cluster.start("m3");
        cluster.pass(30);
        assertThat(cluster.look().members().get("m2").value()).contains("\"tags\":{\"nofailover\":true,\"rack\":7}");
        cluster.kill("m1");
        cluster.pass(45);
        assertThat(second.server().isWritable()).isFalse();
        assertThat(third.server().isWritable()).isTrue();
    }

    @Test
    void memberStreamsFromWhomItWasToldToAndFromTheLeaderOtherwise() {
        cluster.tag("m3", "{\"replicatefrom\":\"m2\"}");
        Member first = cluster.start("m1");
        cluster.pass(5);
        Member second = cluster.start("m2");
        cluster.pass(10);
        Member third = cluster.start("m3");
        cluster.pass(40);
        assertThat(third.server().streams()).isTrue();
        assertThat(second.server().slots()).containsExactly("m3");
        assertThat(first.server().slots()).containsExactly("m2");
        cluster.kill("m2");
        cluster.pass(60);
        assertThat(first.server().slots()).containsExactly("m3");
        assertThat(third.server().streams()).isTrue();
    }

    @Test
    void crashedLeaderIsReplacedAtOnceIfTheClusterWantsThatAndSomebodyIsThere() {
        Member first = cluster.start("m1");
        cluster.put(RecordKey.CONFIG, "{\"primary_start_timeout\":0}");
        cluster.pass(5);
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(5);
        assertThat(first.server().isWritable()).as("there is nobody else").isTrue();
        Member second = cluster.start("m2");
        cluster.pass(30);
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.pass(5);
        assertThat(second.server().isWritable()).isTrue();
        cluster.pass(30);
        assertThat(first.server().streams()).isTrue();
    }
}
