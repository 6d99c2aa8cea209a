// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.record.Address;
import dev.primacy.ha.sim.Cluster.Member;
import dev.primacy.multisite.SiteFacts.Follower;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.PostgresStatus.Standby;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two members whose cluster is a site of a group. */
final class SiteMemberTest {
    private static final SiteStanding FOLLOWS = new SiteStanding.Standby("ams", Optional.of(new Address("r1", 5432)));
    private static final SiteStanding UNKNOWN = new SiteStanding.Unknown("no site leads");

    private final Cluster cluster = new Cluster();
    private Member first;
    private Member second;

    @BeforeEach
    void startAlone() {
        first = cluster.start("m1");
        cluster.pass(5);
        second = cluster.start("m2");
        cluster.pass(5);
    }

    @Test
    void memberIsRewoundToThePrimaryOfTheGroupAndNotToItsOwnStandbyLeader() {
        cluster.kill("m2");
        second.server().part(500);
        cluster.stands(FOLLOWS);
        cluster.pass(10);
        FakePostgres remote = cluster.remotePrimary("r1", "m1");
        cluster.pass(15);
        assertThat(first.server().timeline()).isEqualTo(2);
        remote.cutOff();
        cluster.start("m2");
        cluster.pass(30);
        assertThat(second.server().rewinds())
                .as("while no primary shows whose history parted")
                .isZero();
        assertThat(second.server().streams()).isFalse();
        remote.startPrimary(Cluster.TIMING.ttl());
        cluster.pass(30);
        assertThat(second.server().rewinds()).isEqualTo(1);
        assertThat(second.server().streams()).isTrue();
        assertThat(second.server().timeline()).isEqualTo(2);
    }

    @Test
    void standbyLeaderTellsItsPositionOnlyWhileItsSiteFollowsAnother() {
        cluster.stands(UNKNOWN);
        cluster.pass(30);
        long told = cluster.status().optime();
        first.server().part(500);
        cluster.pass(60);
        assertThat(first.server().isWritable()).isFalse();
        assertThat(cluster.status().optime()).isEqualTo(told);
        cluster.stands(FOLLOWS);
        cluster.pass(60);
        assertThat(cluster.status().optime()).isEqualTo(first.server().end());
    }

    @Test
    void leaderTellsWhoOfOtherSitesStreamsThroughTheirSlots() {
        cluster.stands(new SiteStanding.Leader(1, Optional.of(first.server().systemIdentifier()), Set.of("ams")));
        first.server()
                .feeds(
                        standby("b1", "streaming", "site_ams"),
                        standby("b2", "catchup", "site_ams"),
                        standby("c1", "streaming", "site_lon"),
                        standby("m2", "streaming", "m2"),
                        new Standby("b3", "streaming", new Lsn(900), Optional.empty()));
        cluster.pass(30);
        assertThat(cluster.reportOf("m1").followers()).contains(List.of(new Follower("ams", "b1", 900)));
        assertThat(cluster.reportOf("m2").followers()).contains(List.of());
    }

    private static Standby standby(String name, String state, String slot) {
        return new Standby(name, state, new Lsn(900), Optional.of(slot));
    }
}
