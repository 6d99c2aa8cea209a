// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class EtcdThreeHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return EtcdServers.start(3);
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new EtcdFixture(servers);
    }
}
