// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.testkit.GroupContract;
import dev.primacy.time.BootClock;
import java.util.Map;

class KubernetesEndpointsGroupsTest extends GroupContract {
    private final Cluster cluster = new Cluster(Cluster.one(), Kind.ENDPOINTS);

    @Override
    protected DcsClient client() {
        cluster.servers()
                .admin(
                        "POST",
                        "/api/v1/namespaces/" + cluster.namespace() + "/pods",
                        ("{'metadata':{'name':'w1','labels':{'cluster-name':'citus','citus-group':'2'}},"
                                        + "'spec':{'containers':[{'name':'postgres','image':'none'}]}}")
                                .replace('\'', '"'));
        var server = cluster.servers().addresses().get(0);
        return new KubernetesProvider()
                .connect(
                        cluster.section(server.getHostString() + ":" + server.getPort(), Map.of()), BootClock.system());
    }

    @Override
    protected String path() {
        return "/service/citus";
    }
}
