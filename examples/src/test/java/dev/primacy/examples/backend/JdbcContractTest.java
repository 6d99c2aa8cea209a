// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class JdbcContractTest extends RemoteDcsContract {
    private static StoreServers server = StoreServers.none();

    @BeforeAll
    static void start() {
        server = PostgresServers.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    protected RemoteFixture fixture() {
        return new JdbcFixture(server);
    }
}
