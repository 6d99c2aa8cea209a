// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Clone;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.util.Optional;

/** Another member holds the leader lock. */
final class WithoutLock {
    private WithoutLock() {}

    static Decision decide(Observation seen, HaConfig config, String leader) {
        Optional<Upstream> upstream = seen.addressOf(leader)
                .map(address ->
                        new Upstream(address.host(), address.port(), Optional.of(Slots.ofMember(config.name()))));
        boolean serves = seen.member(leader).filter(WithoutLock::serves).isPresent();
        if (seen.state() == State.NO_DATA) {
            return upstream.isPresent() && serves && seen.founded().isPresent()
                    ? new Clone(upstream.get(), "trying to bootstrap from leader '" + leader + "'")
                    : new Wait("waiting for leader to bootstrap");
        }
        if (seen.state() == State.STOPPED) {
            return upstream.isPresent()
                    ? Upstreams.rejoin(seen, upstream.get(), "starting as a secondary of " + leader)
                    : new StartStandby("starting as a secondary; the leader's address is not known yet");
        }
        if (seen.state() != State.RUNNING || upstream.isEmpty()) {
            return new Wait("PostgreSQL is still starting up or does not answer, or the leader has no address");
        }
        return Upstreams.follow(seen, upstream.get(), new Wait("a secondary, and following a leader (" + leader + ")"));
    }

    private static boolean serves(MemberRecord leader) {
        return leader.state().equals("running")
                && (leader.role().equals("primary") || leader.role().equals("standby_leader"));
    }
}
