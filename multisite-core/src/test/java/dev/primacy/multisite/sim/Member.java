// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.Dcs;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.multisite.SiteStanding.Leader;
import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A machine: its database, and the agent that runs on it now, with the real part that speaks to the group. */
final class Member {
    final String name;
    final Site site;
    final int port;
    final Database database = new Database();
    final Replication replication = new Replication(database);
    private final Group group;
    private final VirtualTime time;
    private Agent agent;
    private FaultyDcs dcs;
    private Optional<Multisite> multisite = Optional.empty();
    private Rounds rounds;
    private Optional<Loop> loop = Optional.empty();
    private MonotonicInstant rewindFailsUntil = new MonotonicInstant(0);

    Member(String name, Site site, int port, Group group) {
        this.name = name;
        this.site = site;
        this.port = port;
        this.group = group;
        this.time = group.time;
    }

    void start() {
        if (answersOrIsPaused()) {
            return;
        }
        agent = new Agent(name, time, 1 + (time.random.nextDouble() - 0.5) * Group.DRIFT, time.random.nextInt());
        dcs = new FaultyDcs(time, agent, group.faults, () -> group.openSession(name));
        Dcs seen = group.mutant.store().apply(dcs, group);
        SiteConfig config = new SiteConfig(
                site.name, Group.TIMING, Group.MAXIMUM_LAG, Group.SWITCHOVER_TIMEOUT, Duration.ofMillis(500));
        Multisite started =
                new Multisite(config, seen, agent.clock(), InstantSource.fixed(Instant.EPOCH), time.loops(agent));
        multisite = Optional.of(started);
        Rounds begun = new Rounds(this, agent, started, group);
        rounds = begun;
        Loop round = time.loops(agent).start("ha", begun::round);
        loop = Optional.of(round);
        started.listen(new Multisite.Listener() {
            @Override
            public void standingChanged() {
                round.wake();
            }

            @Override
            public void leaseMoved() {
                begun.moveDeadline();
            }
        });
    }

    /** The agent dies, and its guard ends the server with it. */
    void crash() {
        if (answersOrIsPaused()) {
            agent.kill();
            database.crash();
            rounds.drop();
            loop.ifPresent(Loop::close);
            multisite.ifPresent(Multisite::close);
            multisite = Optional.empty();
        }
    }

    void pause(Duration duration) {
        if (answersOrIsPaused()) {
            agent.pause(duration);
        }
    }

    void cut(Duration duration) {
        if (answersOrIsPaused()) {
            dcs.cut(duration);
        }
    }

    /** It needs more than replication does: a login of its own, and WAL that may be gone. */
    void failRewinding(Duration duration) {
        rewindFailsUntil = time.now().plus(duration);
    }

    void loseSession() {
        if (answersOrIsPaused()) {
            dcs.loseSession();
        }
    }

    Optional<Multisite> multisite() {
        return multisite;
    }

    boolean answers() {
        return answersOrIsPaused() && !agent.pausedUntil().isAfter(time.now());
    }

    private boolean answersOrIsPaused() {
        return multisite.isPresent();
    }

    /** Whether both rights say that writes may be accepted here: the cluster's lock, and the site's lease. */
    boolean mayWrite() {
        return multisite
                        .filter(of -> of.lease().isPresent() && of.standing() instanceof Leader)
                        .isPresent()
                && rounds.localLeader();
    }

    SiteStanding standing() {
        return multisite
                .<SiteStanding>map(Multisite::standing)
                .orElseGet(() -> new SiteStanding.Unknown("not running"));
    }

    boolean isPrimary() {
        return database.isWritable();
    }

    boolean canBeRewound() {
        return !time.now().isBefore(rewindFailsUntil);
    }

    @Override
    public String toString() {
        return name;
    }
}
