// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.ServerFaultContract;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class ConsulThreeServerFaultsTest extends ServerFaultContract {
    @Override
    protected StoreServers start() {
        return ConsulServers.start(3);
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new ConsulFixture(servers);
    }
}
