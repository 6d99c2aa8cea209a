// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;

class ZooKeeperThreeHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return ZooKeeperServers.start(3);
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new ZooKeeperFixture(servers);
    }
}
