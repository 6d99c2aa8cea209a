// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;

class KubernetesLeaseContractTest extends RemoteDcsContract {
    @Override
    protected RemoteFixture fixture() {
        return new KubernetesFixture(Cluster.one(), Kind.LEASES);
    }
}
