// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.DcsContract;
import dev.primacy.dcs.testkit.DcsFixture;

class EtcdOneContractTest extends DcsContract {
    @Override
    protected DcsFixture fixture() {
        return new EtcdFixture(Servers.one());
    }
}
