// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * The section {@code kubernetes}. With Patroni's options: {@code namespace}, {@code labels}, {@code scope_label}, {@code
 * role_label}, {@code leader_label_value}, {@code follower_label_value}, {@code standby_leader_label_value}, {@code
 * tmp_role_label}, {@code bootstrap_labels}, {@code use_endpoints}, {@code pod_ip}, {@code ports}, {@code cacert}, {@code
 * retriable_http_codes}, {@code bypass_api_service}, {@code context}. With four of our own: {@code use_leases} keeps all in
 * Lease objects; {@code use_endpoint_slices} sends clients to the leader where no Endpoints do; {@code members: objects}
 * keeps members in objects instead of pods, for groups of sites; {@code kubeconfig} names a file.
 *
 * <h2>What a lease rests on</h2>
 *
 * The API server ends nothing by itself, and its objects have times of many clocks in them. So no time is ever compared.
 * The holder of the lock changes a record; it relies on the lock for a ttl from before it sent the last change that
 * succeeded. Others take the lock only when they have seen that record unchanged for a ttl by their own monotonic clocks,
 * from after they saw it, and by an update that the server makes only if the object still has the version that they saw. A
 * session that starts waits a whole ttl for a holder that is dead already.
 *
 * <p>A holder whose ttl is over calls the lock lost, even if the object still names it: others may have seen it free.
 *
 * <h2>What is one transaction</h2>
 *
 * The server changes one object at a time. The lock, {@code status}, {@code failsafe} and all records that Patroni does not
 * know lie in one, so a renewal with its status, or a claim with an epoch, is one update. Claims and releases that come
 * with records of other objects ({@code config}, {@code history}, {@code initialize}, {@code failover}, {@code sync}) are
 * announced in these first; the update of the lock's object decides, and whoever reads sees all of it or nothing. Patroni
 * does not read announcements: for a moment it still sees the old values.
 *
 * <h2>Terms</h2>
 *
 * A term is one more than the {@code resourceVersion} that the claim replaced. For a tenure of Patroni's, which has no
 * number, it is the version with which this session first saw it.
 */
public final class KubernetesProvider implements DcsProvider {
    private final InstantSource wall;
    private final RandomGenerator random;

    /** Called by the service loader. */
    public KubernetesProvider() {
        this(InstantSource.system(), new SecureRandom());
    }

    /**
     * A provider for tests.
     *
     * @param wall shown to people and to Patroni; nothing is decided by it
     * @param random makes the names of sessions
     */
    KubernetesProvider(InstantSource wall, RandomGenerator random) {
        this.wall = wall;
        this.random = random;
    }

    @Override
    public String name() {
        return "kubernetes";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        Options options = Options.of(section);
        Connection connection = new Connection(options, clock, random);
        AtomicBoolean closed = new AtomicBoolean();
        return new DcsClient() {
            @Override
            public Dcs open(Scope scope) {
                if (closed.get()) {
                    throw new IllegalStateException("the client is closed");
                }
                String session = scope.session() + "-" + Long.toHexString(random.nextLong());
                return new KubernetesDcs(connection, options, clock, wall, scope, session);
            }

            @Override
            public void close() {
                if (closed.compareAndSet(false, true)) {
                    connection.release();
                }
            }
        };
    }
}
