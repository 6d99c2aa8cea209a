// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.testkit.GroupContract;
import dev.primacy.time.BootClock;
import java.util.Map;

class ZooKeeperOneGroupsTest extends GroupContract {
    @Override
    protected DcsClient client() {
        return new ZooKeeperProvider().connect(Map.of("hosts", Servers.ONE.connectString()), BootClock.system());
    }

    @Override
    protected String path() {
        return "/service/citus";
    }
}
