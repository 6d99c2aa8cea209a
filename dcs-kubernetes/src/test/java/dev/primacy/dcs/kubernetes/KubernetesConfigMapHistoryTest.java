// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.StoreServers;

class KubernetesConfigMapHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return Cluster.start(1).withEtcd();
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new KubernetesFixture(servers, Kind.CONFIG_MAPS);
    }
}
