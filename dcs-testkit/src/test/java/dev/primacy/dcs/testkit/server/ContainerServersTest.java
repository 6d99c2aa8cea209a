// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ContainerServersTest {
    @TestFactory
    Stream<DynamicTest> aContainerKeepsItsAddressWhateverHappens() {
        return Map.<String, Supplier<ContainerServers>>of(
                        "etcd", ContainerServers::etcd,
                        "consul", ContainerServers::consul,
                        "zookeeper", ContainerServers::zookeeper)
                .entrySet()
                .stream()
                .map(store -> DynamicTest.dynamicTest(store.getKey(), () -> {
                    try (ContainerServers servers = store.getValue().get()) {
                        assertThat(connects(servers)).isTrue();
                        servers.kill(0);
                        assertThat(connects(servers)).isFalse();
                        servers.heal();
                        servers.disconnect();
                        assertThat(connects(servers)).isFalse();
                        servers.heal();
                        servers.freeze(0);
                        servers.heal();
                        assertThat(connects(servers)).isTrue();
                    }
                }));
    }

    private static boolean connects(ContainerServers servers) {
        try (Socket socket = new Socket()) {
            socket.connect(servers.addresses().get(0), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
