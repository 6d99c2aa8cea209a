// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;

class ZooKeeperThreeContractTest extends RemoteDcsContract {
    @Override
    protected RemoteFixture fixture() {
        return new ZooKeeperFixture(Servers.THREE);
    }
}
