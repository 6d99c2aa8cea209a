// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * One thing that befalls a group.
 *
 * @param at when, in nanoseconds from the beginning
 * @param kind what
 * @param target whom: the number of a node, of which the site is taken where it befalls a site
 * @param lasts how long, in nanoseconds
 * @param variant which way, where there are several
 */
record Trouble(long at, Kind kind, int target, long lasts, int variant) {
    /** All that goes wrong, and what people ask for meanwhile. */
    enum Kind {
        /** SIGSTOP of the agent. */
        AGENT_FROZEN(60),
        /** The same for moments, at any point of what it does. */
        AGENT_STUTTERS(3),
        /** The agent's main loop hangs; its other threads go on. */
        LOOP_HANGS(240),
        AGENT_KILLED(60),
        /** The agent is ended in good order, and started again. */
        AGENT_RESTARTED(20),
        POSTGRES_CRASHES(1),
        /** The server takes no connections. */
        POSTGRES_HANGS(60),
        GUARD_KILLED(1),
        /** All of a node stands still, guard and server included. */
        NODE_FROZEN(60),
        NODE_CRASHES(60),
        /** The node crashes, and its disk is gone. Only where the data is elsewhere too. */
        DISK_LOST(60),
        SITE_CRASHES(60),
        /** The node does not reach its cluster's store: requests, replies or both are lost. */
        STORE_CUT(60),
        /** The same with the store of the group. */
        GROUP_STORE_CUT(60),
        /** A whole site does not reach the store of the group. */
        SITE_CUT_FROM_GROUP(90),
        /** The node does not reach the other nodes. */
        PEERS_CUT(60),
        /** A site is cut from all that is outside of it. */
        SITE_ISOLATED(90),
        STORE_FROZEN(40),
        GROUP_STORE_FROZEN(40),
        /** The servers of a store elect another leader. */
        STORE_ELECTS(1),
        SESSION_LOST(1),
        NETWORK_SLOW(40),
        /** Starts, checkpoints and promotions take long. */
        SERVER_SLOW(90),
        REPLICATION_STALLS(60),
        REPLAY_STALLS(60),
        REWIND_FAILS(60),
        /** The guard does not confirm what it is told. */
        GUARD_DEAF(10),
        WALL_CLOCK_STEPS(1),
        /** People ask for another leader site. */
        SWITCHOVER(1),
        /** People ask for another leader inside a site, now or in a while. */
        MEMBER_SWITCHOVER(1),
        /** People name who is to lead a site, whatever it lacks. */
        FAILOVER(1),
        /** People pause a site, and resume it. */
        PAUSE(90),
        /** People change the ttl of a site's leader lock. */
        TTL_CHANGED(1),
        /** People have a cluster follow another one; sites of a group know better. */
        OTHER_CLUSTER_LEADS(150),
        /** A burst of writes that standbys need time for. */
        WRITE_BURST(1),
        /** People ask a member to restart its server. */
        RESTART(1),
        /** People ask a member to copy its data anew, with force or without. */
        REINITIALIZE(1);

        private final int longestSeconds;

        Kind(int longestSeconds) {
            this.longestSeconds = longestSeconds;
        }

        String shown() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** For people. */
    String shown() {
        return kind.shown() + (isMoment() ? "" : " for " + lasts / 1_000_000 + " ms");
    }

    /** Whether it is over as soon as it begins; what is drawn for it as a time means nothing then. */
    boolean isMoment() {
        return lasts == 0 || kind.longestSeconds == 1;
    }

    Trouble movedTo(int other) {
        return new Trouble(at, kind, other, lasts, variant);
    }

    /** At a whole number of units, for a whole number of them. */
    Trouble rounded(long unit) {
        return new Trouble(at / unit * unit, kind, target, lasts / unit * unit, variant);
    }

    private static final long AROUND = Duration.ofSeconds(4).toNanos();
    private static final List<Kind> KINDS = List.of(Kind.values());

    /** Asked for shortly before or after {@code about}. */
    static Trouble switchover(Random random, long about, long to, int nodes) {
        long at = about + (long) ((random.nextDouble() * 2 - 1) * AROUND);
        return new Trouble(Math.min(at, to), Kind.SWITCHOVER, random.nextInt(nodes), 0, random.nextInt(3));
    }

    static Trouble draw(Random random, long from, long to, int nodes) {
        Kind kind = KINDS.get(random.nextInt(KINDS.size()));
        long at = from + (long) (random.nextDouble() * (to - from));
        // Short ones are as interesting as long ones: what matters is which deadline comes first.
        double share = Math.pow(random.nextDouble(), 2);
        long lasts = (long) (share * Duration.ofSeconds(kind.longestSeconds).toNanos());
        return new Trouble(at, kind, random.nextInt(nodes), Math.min(lasts, to - at), random.nextInt(3));
    }
}
