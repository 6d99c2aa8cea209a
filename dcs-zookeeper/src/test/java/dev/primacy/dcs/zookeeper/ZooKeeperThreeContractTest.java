// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.DcsContract;
import dev.primacy.dcs.testkit.DcsFixture;

class ZooKeeperThreeContractTest extends DcsContract {
    @Override
    protected DcsFixture fixture() {
        return new ZooKeeperFixture(Servers.THREE);
    }
}
