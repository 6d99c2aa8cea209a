// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.model.ModelContract;

class EtcdOneModelTest extends ModelContract {
    @Override
    protected DcsFixture fixture() {
        return new EtcdFixture(Servers.one());
    }
}
