// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.ha.sim.Cluster.Member;
import net.jqwik.api.Example;

/** A member hangs between the sight of a free lock and its claim. */
class LateClaimTest extends TwoMembers {
    @Example
    void whatAnotherHasWrittenMeanwhileIsNotLost() {
        Member third = cluster.start("m3");
        cluster.pass(60);
        long[] told = new long[2];
        third.dcs().beforeClaim(() -> {
            second.dcs().cut(false);
            cluster.pass(60);
            assertThat(second.server().isWritable()).isTrue();
            told[0] = cluster.status().timeline().orElseThrow();
            second.loop().close();
            cluster.pass(1);
            assertThat(cluster.look().leader()).isEmpty();
            told[1] = cluster.status().optime();
        });
        second.dcs().cut(true);
        cluster.kill("m1");
        cluster.pass(100);
        assertThat(told[0]).isEqualTo(2);
        assertThat(third.server().isWritable()).isFalse();
        assertThat(cluster.status().timeline()).contains(told[0]);
        assertThat(cluster.status().optime()).isEqualTo(told[1]);
        assertThat(third.loop().view().orElseThrow().decision().reason()).contains("the cluster was on timeline 2");
    }
}
