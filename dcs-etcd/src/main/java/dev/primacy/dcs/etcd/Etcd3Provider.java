// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.Map;

/**
 * The section {@code etcd3}. Where the servers are says one of {@code proxy}, {@code url}, {@code hosts}, {@code host} and
 * {@code srv} (with {@code srv_suffix}), the first of them that is given; further members are learned from the store, unless
 * {@code use_proxies} or {@code proxy} is given. {@code protocol: https} with {@code cacert}, {@code cert} and {@code key}
 * (PEM files) is TLS; {@code username} and {@code password} log in, and so does a client certificate whose common name is
 * a user of etcd.
 */
public final class Etcd3Provider implements DcsProvider {
    /** Called by the service loader. */
    public Etcd3Provider() {}

    @Override
    public String name() {
        return "etcd3";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        return new EtcdClient(Options.of(name(), section), clock);
    }
}
