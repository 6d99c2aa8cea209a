// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.decide.Decision.Clone;
import dev.primacy.ha.decide.Decision.Feed;
import dev.primacy.ha.decide.Decision.StartStandby;
import dev.primacy.ha.decide.Decision.Wait;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.util.Optional;

/** Another member holds the leader lock. */
final class WithoutLock {
    private WithoutLock() {}

    static Decision decide(Observation seen, HaConfig config, String leader) {
        Optional<Upstream> upstream = upstream(seen, config, Cascade.upstream(seen, config, leader));
        boolean serves = serves(seen, leader);
        if (seen.state() == State.NO_DATA) {
            String source = Cascade.source(seen, config, leader);
            Optional<Upstream> from = upstream(seen, config, source);
            return from.isPresent() && serves && seen.founded().isPresent()
                    ? new Clone(
                            from.get(),
                            "trying to bootstrap from " + (source.equals(leader) ? "leader" : "replica") + " '" + source
                                    + "'")
                    : new Wait("waiting for leader to bootstrap");
        }
        if (config.tags().nostream()) {
            return seen.state() == State.STOPPED
                    ? new StartStandby("starting as a secondary that streams from nobody (nostream)")
                    : new Wait("a secondary that streams from nobody (nostream)");
        }
        if (seen.state() == State.STOPPED) {
            return upstream.isPresent()
                    ? Upstreams.rejoin(seen, upstream.get(), "starting as a secondary of " + leader)
                    : new StartStandby("starting as a secondary; the leader's address is not known yet");
        }
        if (seen.state() != State.RUNNING || upstream.isEmpty()) {
            return new Wait("PostgreSQL is still starting up or does not answer, or the leader has no address");
        }
        String settled = "a secondary, and following a leader (" + leader + ")";
        return Upstreams.follow(
                seen,
                upstream.get(),
                Cascade.fed(seen, config, false).isEmpty() ? new Wait(settled) : new Feed(settled));
    }

    static Optional<Upstream> upstream(Observation seen, HaConfig config, String member) {
        return seen.addressOf(member)
                .map(address ->
                        new Upstream(address.host(), address.port(), Optional.of(Slots.ofMember(config.name()))));
    }

    static boolean serves(Observation seen, String leader) {
        return seen.member(leader).filter(WithoutLock::serves).isPresent();
    }

    private static boolean serves(MemberRecord leader) {
        return leader.state().equals("running")
                && (leader.role().equals("primary") || leader.role().equals("standby_leader"));
    }
}
