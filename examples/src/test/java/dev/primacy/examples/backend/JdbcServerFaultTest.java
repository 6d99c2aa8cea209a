// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.ServerFaultContract;
import dev.primacy.dcs.testkit.server.StoreServers;

class JdbcServerFaultTest extends ServerFaultContract {
    @Override
    protected StoreServers start() {
        return PostgresServers.start();
    }

    @Override
    protected RemoteFixture fixture(StoreServers on) {
        return new JdbcFixture(on);
    }
}
