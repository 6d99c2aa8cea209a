// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;

class ConsulThreeContractTest extends RemoteDcsContract {
    @Override
    protected RemoteFixture fixture() {
        return new ConsulFixture(Servers.three());
    }
}
