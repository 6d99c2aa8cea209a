// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.StoreServers;

class JdbcHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return PostgresServers.start();
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        return new JdbcFixture(servers);
    }
}
