// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.ha.sim.Cluster.Member;
import net.jqwik.api.lifecycle.BeforeTry;

/** A cluster whose first member leads, and whose second streams from it. */
abstract class TwoMembers {
    Cluster cluster;
    Member first;
    Member second;

    /** jqwik uses one object for all tries. */
    @BeforeTry
    void startBoth() {
        cluster = new Cluster();
        first = cluster.start("m1");
        cluster.pass(5);
        second = cluster.start("m2");
        cluster.pass(60);
        assertThat(first.server().isWritable()).isTrue();
        assertThat(second.server().streams()).isTrue();
    }
}
