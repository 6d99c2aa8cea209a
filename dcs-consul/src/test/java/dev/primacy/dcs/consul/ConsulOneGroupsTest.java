// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.testkit.GroupContract;
import dev.primacy.time.BootClock;
import java.net.InetSocketAddress;
import java.util.Map;

class ConsulOneGroupsTest extends GroupContract {
    @Override
    protected DcsClient client() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        String address = server.getHostString() + ":" + server.getPort();
        return new ConsulProvider().connect(Map.of("host", address), BootClock.system());
    }

    @Override
    protected String path() {
        return "/service/citus";
    }
}
