// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.model.ModelContract;

class KubernetesLeaseModelTest extends ModelContract {
    @Override
    protected DcsFixture fixture() {
        return new KubernetesFixture(Cluster.one(), Kind.LEASES);
    }
}
