// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.ContainerContract;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.ContainerServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class ZooKeeperDockerContainerTest extends ContainerContract {
    @Override
    protected ContainerServers container() {
        return ContainerServers.zookeeper();
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new ZooKeeperFixture(servers);
    }
}
