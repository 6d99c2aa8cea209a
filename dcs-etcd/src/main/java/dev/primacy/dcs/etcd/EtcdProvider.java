// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The section {@code etcd}, by which Patroni means etcd's v2 protocol. That is not spoken: it is read as if it were {@code
 * etcd3}, and the log says so, since the two protocols do not see each other's keys.
 */
public final class EtcdProvider implements DcsProvider {
    private static final Logger LOG = LoggerFactory.getLogger(EtcdProvider.class);

    /** Called by the service loader. */
    public EtcdProvider() {}

    @Override
    public String name() {
        return "etcd";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        Options options = Options.of(name(), section);
        LOG.warn(
                "section 'etcd': etcd's v2 protocol is not spoken, its v3 protocol is used instead. The two do not see each"
                        + " other's keys, so all nodes of a cluster must use v3: rename the section to 'etcd3' everywhere");
        return new EtcdClient(options, clock);
    }
}
