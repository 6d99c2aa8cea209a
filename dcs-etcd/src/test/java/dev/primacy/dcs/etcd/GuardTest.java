// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.etcd.Guard.Seen;
import io.etcd.jetcd.api.ResponseHeader;
import org.junit.jupiter.api.Test;

class GuardTest {
    private final Guard guard = new Guard();

    @Test
    void laterAnswersAreBelieved() {
        Seen nothing = guard.seen();
        assertThat(guard.check(nothing, header(1, 2, 100))).isEmpty();
        assertThat(guard.check(guard.seen(), header(1, 2, 100))).isEmpty();
        assertThat(guard.check(guard.seen(), header(1, 3, 101))).isEmpty();
    }

    @Test
    void answersToRequestsSentTogetherComeInAnyOrder() {
        Seen nothing = guard.seen();
        assertThat(guard.check(nothing, header(1, 3, 101))).isEmpty();
        assertThat(guard.check(nothing, header(1, 2, 100))).isEmpty();
        assertThat(guard.seen()).isEqualTo(new Seen(1, 3, 101));
    }

    @Test
    void olderOnesAndForeignOnesAreNot() {
        guard.check(guard.seen(), header(1, 3, 101));
        assertThat(guard.check(guard.seen(), header(1, 3, 100)).orElseThrow())
                .contains("stale member, or a store restored from a backup", "restart");
        assertThat(guard.check(guard.seen(), header(1, 2, 101))).isPresent();
        assertThat(guard.check(guard.seen(), header(2, 9, 999)).orElseThrow()).contains("belongs to cluster 2");
        assertThat(guard.checkCluster(header(2, 9, 999))).isPresent();
        assertThat(guard.checkCluster(header(1, 1, 1))).isEmpty();
    }

    private static ResponseHeader header(long cluster, long term, long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(cluster)
                .setRaftTerm(term)
                .setRevision(revision)
                .build();
    }
}
