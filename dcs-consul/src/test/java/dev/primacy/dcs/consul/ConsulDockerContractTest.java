// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.RemoteDcsContract;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.ContainerServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsulDockerContractTest extends RemoteDcsContract {
    private StoreServers servers = StoreServers.none();

    @BeforeAll
    void start() {
        servers = ContainerServers.consul();
    }

    @AfterAll
    void stop() {
        servers.close();
    }

    @Override
    protected RemoteFixture fixture() {
        return new ConsulFixture(servers);
    }
}
