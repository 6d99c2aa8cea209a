// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.ServerFaultContract;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;

class ZooKeeperThreeServerFaultsTest extends ServerFaultContract {
    @Override
    protected StoreServers start() {
        return ZooKeeperServers.start(3);
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new ZooKeeperFixture(servers);
    }
}
