// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.testkit.GroupContract;
import java.net.InetSocketAddress;
import java.util.Map;

class EtcdOneGroupsTest extends GroupContract {
    @Override
    protected DcsClient client() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        String address = server.getHostString() + ":" + server.getPort();
        return new Etcd3Provider().connect(Map.of("host", address), EtcdFixture.CLOCK);
    }

    @Override
    protected String path() {
        return "/service/citus";
    }
}
