// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.model.ModelContract;
import dev.primacy.dcs.testkit.server.StoreServers;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class JdbcModelTest extends ModelContract {
    private static StoreServers server = StoreServers.none();

    @BeforeContainer
    static void start() {
        server = PostgresServers.start();
    }

    @AfterContainer
    static void end() {
        server.close();
    }

    @Override
    protected DcsFixture fixture() {
        return new JdbcFixture(server);
    }
}
