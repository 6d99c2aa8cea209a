// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.Map;

/**
 * The section {@code zookeeper}. Patroni's keys:
 *
 * <ul>
 *   <li>{@code hosts}: a list or a comma separated text of {@code host:port}.
 *   <li>{@code use_ssl}, {@code cacert}, {@code cert}, {@code key}, {@code key_password}: TLS, with PEM files; the key is
 *       PKCS#8 and may stand in {@code cert}. {@code verify: false} is refused.
 *   <li>{@code set_acls}: who may do what with the znodes that are created from now on, such as {@code CN=node: [ALL]} or
 *       {@code digest:user:hash: [READ]}; anybody may do anything if it is not given.
 *   <li>{@code auth_data}: what to show to the servers by scheme, such as {@code digest: user:password}.
 * </ul>
 *
 * <p>Our own keys:
 *
 * <ul>
 *   <li>{@code tick_time}: the servers' {@code tickTime} in milliseconds, 2000 if not given. A {@code tick_time} below the
 *       servers' own would make leases count too long.
 *   <li>{@code check_hostname}: whether the servers' certificates must name the host that we connect to; true if not given.
 *       Patroni does not check that.
 *   <li>{@code jaas_section}: the JAAS entry to log in with by SASL; ZooKeeper's own {@code Client} if not given.
 * </ul>
 *
 * <p>SASL is configured for the whole JVM, since ZooKeeper's client knows no other way: the system property {@code
 * java.security.auth.login.config} names a file with an entry such as
 *
 * <pre>{@code
 * Client {
 *   org.apache.zookeeper.server.auth.DigestLoginModule required username="primacy" password="...";
 * };
 * }</pre>
 *
 * <p>Clients that need different names take different entries of it.
 */
public final class ZooKeeperProvider implements DcsProvider {
    /** Called by the service loader. */
    public ZooKeeperProvider() {}

    @Override
    public String name() {
        return "zookeeper";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        return new ZooKeeperClient(Options.of(section), clock);
    }
}
