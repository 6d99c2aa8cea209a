// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.act;

import dev.primacy.ha.HaConfig;
import dev.primacy.ha.OrderAnswer;
import dev.primacy.ha.decide.Decision;
import dev.primacy.ha.decide.Memory;
import dev.primacy.ha.decide.Observation;
import dev.primacy.ha.decide.Order;
import dev.primacy.ha.fencing.WriteRight;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.postgres.Divergence;
import dev.primacy.postgres.Postgres;
import dev.primacy.postgres.Postgres.StopMode;
import dev.primacy.postgres.PostgresException;
import dev.primacy.postgres.PostgresStatus.State;
import dev.primacy.postgres.Upstream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What decisions mean for the local server: each becomes one long action. */
final class ServerActions {
    private static final Logger LOG = LoggerFactory.getLogger(ServerActions.class);

    private volatile HaConfig config;
    private final Postgres postgres;
    private final WriteRight right;
    private final OrderBook orders;

    ServerActions(HaConfig config, Postgres postgres, WriteRight right, OrderBook orders) {
        this.orders = orders;
        this.config = config;
        this.postgres = postgres;
        this.right = right;
    }

    void configure(HaConfig now) {
        config = now;
    }

    /** The work of a decision; empty for those that do not concern the server. */
    Optional<LongAction> action(Decision decision, Observation seen) {
        if (decision instanceof Decision.Bootstrap) {
            return plain("initializing new cluster", postgres::initialize);
        }
        if (decision instanceof Decision.DiscardUnused discard) {
            return plain("discarding unused data", () -> postgres.discardUnused(discard.systemIdentifier()));
        }
        if (decision instanceof Decision.StartPrimary) {
            return primary("starting primary", () -> {
                claim();
                postgres.startPrimary(config.startTimeout());
            });
        }
        if (decision instanceof Decision.Promote) {
            return primary("promote", () -> {
                claim();
                postgres.promote(config.startTimeout());
            });
        }
        if (decision instanceof Decision.Clone clone) {
            return plain("creating replica", () -> postgres.cloneFrom(clone.upstream()));
        }
        if (decision instanceof Decision.StartStandby) {
            return plain("starting standby", () -> startStandby(Optional.empty()));
        }
        if (decision instanceof Decision.Stop stop) {
            return plain("stopping", () -> stop(stop.mode()));
        }
        if (decision instanceof Decision.HandOver) {
            return plain(Observation.Action.SWITCHOVER, this::handOver);
        }
        if (decision instanceof Decision.Restart restart) {
            return restart.primary()
                    ? restartPrimary(restart.timeout())
                    : plain(Order.RESTART, () -> {
                        stop(StopMode.FAST);
                        report(postgres.startStandby(restart.upstream(), restart.timeout()));
                    });
        }
        if (decision instanceof Decision.Reinitialize anew) {
            return plain(Order.REINITIALIZE, () -> {
                stop(StopMode.IMMEDIATE);
                postgres.discard(anew.systemIdentifier(), anew.heir());
                postgres.cloneFrom(anew.source());
            });
        }
        if (decision instanceof Decision.Reload) {
            return plain(Order.RELOAD, postgres::reload);
        }
        if (decision instanceof Decision.Rejoin rejoin) {
            return Optional.of(join(rejoin.upstream(), seen));
        }
        return Optional.empty();
    }

    /** The checkpoint first: if that fails, nothing has happened yet. */
    private Optional<LongAction> restartPrimary(Duration timeout) {
        return primary(Order.RESTART, postgres::checkpoint, () -> {
            stop(StopMode.FAST);
            claim();
            report(postgres.startPrimary(timeout));
        });
    }

    private void report(boolean accepts) {
        if (!accepts) {
            orders.answer(new OrderAnswer(false, "postgres is still starting"));
        }
    }

    private Optional<LongAction> primary(String name, Step step) {
        return primary(name, () -> {}, step);
    }

    private Optional<LongAction> primary(String name, Step harmless, Step step) {
        return Optional.of(new LongAction(name, true, term -> {
            harmless.run();
            try {
                step.run();
            } catch (RuntimeException e) {
                // A server that is half on its way to primary must not be left under a deadline that renewals move.
                stop(StopMode.IMMEDIATE);
                throw e;
            }
            return term.<UnaryOperator<Memory>>map(of -> memory -> memory.ranAsPrimaryIn(of))
                    .orElseGet(UnaryOperator::identity);
        }));
    }

    private static Optional<LongAction> plain(String name, Step step) {
        return Optional.of(new LongAction(name, false, term -> {
            step.run();
            return UnaryOperator.identity();
        }));
    }

    private void claim() {
        if (!right.claim()) {
            throw new PostgresException(
                    "not becoming primary: the right to write ended, or the guard did not confirm it");
        }
    }

    private void stop(StopMode mode) {
        postgres.stop(mode, config.stopTimeout());
        right.drop();
    }

    /** The checkpoint first, while writes still go on, makes the one in the stop short. */
    private void handOver() {
        postgres.checkpoint();
        stop(StopMode.FAST);
    }

    private void startStandby(Optional<Upstream> upstream) {
        right.drop();
        postgres.startStandby(upstream, config.startTimeout());
    }

    private static Optional<Upstream> primaryOfGroup(Observation seen) {
        return seen.site() instanceof SiteStanding.Standby standby
                ? standby.primary().map(at -> new Upstream(at.host(), at.port(), Optional.empty()))
                : Optional.empty();
    }

    private LongAction join(Upstream upstream, Observation seen) {
        return new LongAction("joining " + upstream, false, Optional.of(upstream), () -> {
            Divergence divergence = postgres.compare(upstream);
            return term -> {
                join(upstream, divergence, primaryOfGroup(seen), seen.state() == State.RUNNING);
                return memory -> memory.compared(seen.now());
            };
        });
    }

    private void join(Upstream upstream, Divergence divergence, Optional<Upstream> primary, boolean runs) {
        if (divergence instanceof Divergence.OtherSystem other) {
            throw new PostgresException("not following " + upstream + ": it has system identifier " + other.upstream()
                    + ", this data directory " + other.local() + "; nothing is rewound or wiped");
        }
        if (divergence instanceof Divergence.Diverged diverged) {
            Upstream source = diverged.upstreamIsPrimary() ? upstream : divergedFrom(primary, upstream);
            LOG.warn(
                    "Histories parted at {} of timeline {}, and the WAL here goes on to {}: running pg_rewind from {}",
                    diverged.fork(),
                    diverged.forkTimeline(),
                    diverged.localEnd(),
                    source);
            if (runs && config.cluster().paused()) {
                throw new PostgresException("not rewinding in a pause: the server here would have to stop for it");
            }
            if (runs) {
                postgres.stop(StopMode.FAST, config.stopTimeout());
            }
            postgres.rewind(source);
            startStandby(Optional.of(upstream));
        } else if (runs) {
            postgres.follow(upstream);
        } else {
            startStandby(Optional.of(upstream));
        }
    }

    /**
     * What to rewind to before following {@code standby}. That one's history may be the one that parted from the group's:
     * then rewinding to it would give up what the group has.
     */
    private Upstream divergedFrom(Optional<Upstream> primary, Upstream standby) {
        return primary.filter(from ->
                        postgres.compare(from) instanceof Divergence.Diverged diverged && diverged.upstreamIsPrimary())
                .orElseThrow(() -> new PostgresException("not rewinding: histories parted from " + standby
                        + ", which is a standby itself, and no running primary shows that it is the data here that has"
                        + " to be rewound; trying again"));
    }

    /** One step of work on the server. */
    @FunctionalInterface
    private interface Step {
        void run();
    }
}
