// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.model.ModelContract;

class ZooKeeperOneModelTest extends ModelContract {
    @Override
    protected DcsFixture fixture() {
        return new ZooKeeperFixture(Servers.ONE);
    }
}
