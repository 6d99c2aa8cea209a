// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.DcsContract;
import dev.primacy.dcs.testkit.DcsFixture;

class ConsulThreeContractTest extends DcsContract {
    @Override
    protected DcsFixture fixture() {
        return new ConsulFixture(Servers.three());
    }
}
