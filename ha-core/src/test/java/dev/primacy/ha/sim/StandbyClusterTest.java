// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.sim.Cluster.Member;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Example;

/**
 * A cluster that is told to follow another one, and to be one of its own again. In every step the cluster itself checks that
 * at most one server accepts writes, the other cluster's included.
 */
class StandbyClusterTest extends TwoMembers {
    private static final String FOLLOWS =
            "{\"standby_cluster\":{\"host\":\"r1\",\"port\":5432,\"primary_slot_name\":\"here\"}}";

    /** As when the other cluster has taken over in good order. */
    private FakePostgres demote() {
        cluster.put(RecordKey.CONFIG, FOLLOWS);
        cluster.pass(5);
        assertThat(first.server().isWritable()).isFalse();
        FakePostgres remote = cluster.remotePrimary("r1", "m1");
        cluster.pass(30);
        return remote;
    }

    /** It had told that before, which the other member does not have. */
    private void loseTheLeader(String status) {
        second.server().cutOffFromUpstream();
        first.server().stop(StopMode.IMMEDIATE, Cluster.TIMING.ttl());
        cluster.kill("m1");
        cluster.put(RecordKey.STATUS, status);
    }

    private String role(String member) {
        return MemberRecord.parse(
                        Objects.requireNonNull(cluster.look().members().get(member))
                                .value())
                .role();
    }

    private static Optional<Upstream> upstream(Member member) {
        return member.server().status(Duration.ZERO).server().flatMap(Server::upstream);
    }

    @Example
    void theLeaderEndsInGoodOrderAndFollowsTheOtherClusterAndItsMembersFollowIt() {
        long written = first.server().end();
        FakePostgres remote = demote();
        assertThat(remote.end()).isGreaterThanOrEqualTo(written);
        assertThat(first.server().timeline()).isEqualTo(2);
        assertThat(first.server().streams()).isTrue();
        assertThat(upstream(first)).hasValue(new Upstream("r1", 5432, Optional.of("here")));
        assertThat(first.server().rewinds()).as("a clean end needs no rewind").isZero();
        assertThat(second.server().timeline()).isEqualTo(2);
        assertThat(second.server().streams()).isTrue();
        assertThat(upstream(second).map(Upstream::host)).hasValue("m1");
        assertThat(role("m1")).isEqualTo("standby_leader");
        assertThat(role("m2")).isEqualTo("replica");
    }

    @Example
    void itIsPromotedWhenItIsToldToFollowNobody() {
        FakePostgres remote = demote();
        remote.stop(StopMode.FAST, Cluster.TIMING.ttl());
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(20);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(first.server().timeline()).isEqualTo(3);
        assertThat(second.server().streams()).isTrue();
    }

    @Example
    void anotherMemberLeadsTheStandbyClusterWhenItsLeaderDies() {
        demote();
        cluster.kill("m1");
        cluster.pass(90);
        assertThat(second.server().isWritable()).isFalse();
        assertThat(upstream(second).map(Upstream::host)).hasValue("r1");
        assertThat(second.server().streams()).isTrue();
        assertThat(role("m2")).isEqualTo("standby_leader");
    }

    @Example
    void whoLacksWhatTheClusterHadDoesNotTakeTheLockToFollow() {
        loseTheLeader("{\"optime\":90000000,\"timeline\":1}");
        cluster.put(RecordKey.CONFIG, FOLLOWS);
        cluster.pass(60);
        assertThat(cluster.look().leader()).isEmpty();
        assertThat(second.loop().view().orElseThrow().decision().reason()).contains("behind the leader's last");
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(60);
        assertThat(second.server().isWritable()).isFalse();
        assertThat(cluster.look().leader()).isEmpty();
    }

    /** People who name it accept what it lacks, but not that a timeline is lost. */
    @Example
    void whoWasNamedToFollowIsNotPromotedIfTheClusterHadALaterTimeline() {
        loseTheLeader("{\"optime\":1000,\"timeline\":7}");
        cluster.put(RecordKey.CONFIG, FOLLOWS);
        cluster.put(RecordKey.FAILOVER, "{\"member\":\"m2\"}");
        cluster.pass(60);
        assertThat(role("m2")).isEqualTo("standby_leader");
        assertThat(cluster.status().timeline()).as("nothing was streamed").hasValue(7L);
        cluster.put(RecordKey.CONFIG, "{}");
        cluster.pass(60);
        assertThat(second.server().isWritable()).isFalse();
        assertThat(cluster.look().leader()).isEmpty();
    }

    @Example
    void inAPauseAPrimaryStaysAndFollowsAfterwards() {
        cluster.put(RecordKey.CONFIG, "{\"pause\":true," + FOLLOWS.substring(1));
        cluster.pass(60);
        assertThat(first.server().isWritable()).isTrue();
        demote();
        assertThat(first.server().streams()).isTrue();
    }

    @Example
    void aDatabaseThatIsNotTheOtherClustersIsNeitherRewoundNorWiped() {
        cluster.put(RecordKey.CONFIG, FOLLOWS);
        cluster.pass(5);
        String ours = first.server().systemIdentifier();
        FakePostgres remote = cluster.machine("r1");
        remote.initialize();
        remote.startStandby(Optional.empty(), Cluster.TIMING.ttl());
        cluster.pass(60);
        assertThat(first.server().systemIdentifier()).isEqualTo(ours);
        assertThat(first.server().rewinds()).isZero();
        assertThat(first.server().isWritable()).isFalse();
    }
}
