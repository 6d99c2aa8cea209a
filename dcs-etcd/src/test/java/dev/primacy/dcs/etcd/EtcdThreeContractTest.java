// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;

class EtcdThreeContractTest extends RemoteDcsContract {
    @Override
    protected RemoteFixture fixture() {
        return new EtcdFixture(Servers.three());
    }
}
