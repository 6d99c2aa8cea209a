// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.ServerFaultContract;
import dev.primacy.dcs.testkit.server.StoreServers;

class KubernetesLeaseServerFaultsTest extends ServerFaultContract {
    @Override
    protected StoreServers start() {
        return Cluster.start(1);
    }

    @Override
    protected RemoteFixture fixture(StoreServers servers) {
        return new KubernetesFixture(servers, Kind.LEASES);
    }
}
