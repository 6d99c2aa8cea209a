// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.ContainerContract;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.ContainerServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class EtcdDockerContainerTest extends ContainerContract {
    @Override
    protected ContainerServers container() {
        return ContainerServers.etcd();
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new EtcdFixture(servers);
    }
}
