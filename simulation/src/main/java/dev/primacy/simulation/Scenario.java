// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * All that makes a history what it is: two runs of one scenario are the same in every event.
 *
 * @param seed of everything that is drawn on the way: times, fates of requests, sizes of writes
 * @param sites how many
 * @param members how many each site has
 * @param badRequests share of the requests to stores that go wrong by themselves
 * @param troubles what befalls the group, in order of time
 */
record Scenario(long seed, int sites, int members, double badRequests, List<Trouble> troubles) {
    static final long TROUBLED = Duration.ofMinutes(10).toNanos();
    private static final long FIRST_TROUBLE = Duration.ofSeconds(5).toNanos();
    private static final int FEWEST_TROUBLES = 20;
    private static final int MOST = 5;
    /** Neighbouring seeds give nearly the same first numbers otherwise. */
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;

    Scenario {
        troubles = List.copyOf(troubles);
    }

    /** The history of a seed; numbers that are 0 are drawn too. */
    static Scenario of(long seed, int sites, int members, int howManyTroubles) {
        Random random = random(seed, 0);
        int drawnSites = few(random);
        int drawnMembers = few(random);
        int allSites = sites > 0 ? sites : drawnSites;
        int allMembers = members > 0 ? members : drawnMembers;
        double badRequests = random.nextInt(3) == 0 ? 0 : random.nextDouble() * random.nextDouble() * 0.2;
        List<Trouble> troubles = new ArrayList<>();
        int drawnCount = FEWEST_TROUBLES + random.nextInt(FEWEST_TROUBLES / 2);
        int count = howManyTroubles > 0 ? howManyTroubles : drawnCount;
        int switchovers = allSites > 1 ? count / 5 : 0;
        for (int i = 0; i < count - switchovers; i++) {
            troubles.add(Trouble.draw(random, FIRST_TROUBLE, TROUBLED, allSites * allMembers));
        }
        // What people do is most telling while something else goes on.
        for (int i = 0; i < switchovers; i++) {
            troubles.add(Trouble.switchover(random, troubles.get(4 * i).at(), TROUBLED, allSites * allMembers));
        }
        troubles.sort(Comparator.comparingLong(Trouble::at));
        return new Scenario(seed, allSites, allMembers, badRequests, troubles);
    }

    /** The history of a seed, with twenty to twenty-nine troubles. */
    static Scenario of(long seed, int sites, int members) {
        return of(seed, sites, members, 0);
    }

    /** One to five, mostly two or three. */
    private static int few(Random random) {
        return Math.min(
                MOST, 1 + (random.nextInt(3) + random.nextInt(3) + random.nextInt(3)) / (1 + random.nextInt(2)));
    }

    /** A source of its own for each purpose, so that a trouble left out changes little else. */
    static Random random(long seed, int purpose) {
        return new Random(seed * SCRAMBLE + purpose);
    }

    Scenario with(List<Trouble> others) {
        return new Scenario(seed, sites, members, badRequests, others);
    }

    /** Nobody may be troubled who is not there any more. */
    Scenario withSize(int fewerSites, int fewerMembers, List<Trouble> moved) {
        return new Scenario(seed, fewerSites, fewerMembers, badRequests, moved);
    }

    Scenario withoutBadRequests() {
        return new Scenario(seed, sites, members, 0, troubles);
    }
}
