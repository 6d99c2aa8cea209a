// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.StoreServers;

class ZooKeeperOneHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return StoreServers.none();
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new ZooKeeperFixture(Servers.ONE);
    }
}
