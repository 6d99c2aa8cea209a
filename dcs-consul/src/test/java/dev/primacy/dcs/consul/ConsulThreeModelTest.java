// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.model.ModelContract;

class ConsulThreeModelTest extends ModelContract {
    @Override
    protected DcsFixture fixture() {
        return new ConsulFixture(Servers.three());
    }
}
