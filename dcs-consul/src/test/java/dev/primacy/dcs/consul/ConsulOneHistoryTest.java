// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;

class ConsulOneHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return ConsulServers.start(1);
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new ConsulFixture(servers);
    }
}
