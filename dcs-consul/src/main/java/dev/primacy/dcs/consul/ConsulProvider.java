// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.time.MonotonicClock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The section {@code consul}, with Patroni's options: {@code host} and {@code port}, or {@code url}; {@code scheme}, {@code
 * token}, {@code dc}, {@code consistency}, {@code verify}, {@code cacert}, {@code cert}, {@code key}, {@code checks}, and
 * those of {@link ServiceRegistration}. Snapshots and the looks of the verbs always ask for {@code consistent}, since they
 * decide; {@code consistency} is for watches, which only hint. Private keys are PKCS#8 without a password.
 *
 * <h2>What a lease rests on</h2>
 *
 * A session gets half the ttl as its TTL, as with Patroni, since the servers end a session when it was silent for twice
 * its TTL: Consul promises one TTL and has kept two in all its versions. Its leader counts that time in memory, from the
 * last renewal that it saw or from the moment when it became leader, if that is later. So a lock is proven in two requests:
 *
 * <ol>
 *   <li>a transaction that finds the tenure unchanged, decided or confirmed by a majority of the servers;
 *   <li>after its answer, a renewal of the session.
 * </ol>
 *
 * The lease counts from before the first one. Any server that leads later began after that, and counts from its beginning
 * at the earliest. A server that led before could only have answered the renewal if the agent went back to it: the agent
 * must not forget, between two requests, who leads. A renewal may also meet a session whose end is under way but not yet
 * decided. That takes a silence of two TTLs, so after one TTL without a proof another transaction follows, which is decided
 * after that end.
 *
 * <p>Sessions depend on no health checks but those that {@code checks} names. One of them that fails ends the session at once,
 * before its time; so such a session gets a lock-delay as long as its lease (60 s at most), and nobody gets the lock sooner.
 * A new leader among the servers does not know of such a delay.
 *
 * <p>A {@code leader} key that no session holds, left by a foreign client, is nobody's lock: it is not shown, and taking
 * the lock replaces it. A member's key that no session holds is no member.
 */
public final class ConsulProvider implements DcsProvider {
    /** Called by the service loader. */
    public ConsulProvider() {}

    @Override
    public String name() {
        return "consul";
    }

    @Override
    public DcsClient connect(Map<String, Object> section, MonotonicClock clock) {
        Agent agent = new Agent(Options.of(section), clock);
        AtomicBoolean closed = new AtomicBoolean();
        return new DcsClient() {
            @Override
            public Dcs open(Scope scope) {
                if (closed.get()) {
                    throw new IllegalStateException("the client of " + agent.options() + " is closed");
                }
                return new ConsulDcs(agent, scope);
            }

            @Override
            public void close() {
                if (closed.compareAndSet(false, true)) {
                    agent.release();
                }
            }
        };
    }
}
