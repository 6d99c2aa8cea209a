// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.ServerFaultContract;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class EtcdThreeServerFaultsTest extends ServerFaultContract {
    @Override
    protected StoreServers start() {
        return EtcdServers.start(3);
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new EtcdFixture(servers);
    }
}
