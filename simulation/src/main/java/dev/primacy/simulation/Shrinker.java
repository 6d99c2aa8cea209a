// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for a smaller history that shows the same: fewer troubles, none of them needless, and a smaller group. */
final class Shrinker {
    private static final List<Duration> ROUND = List.of(Duration.ofSeconds(1), Duration.ofMillis(100));

    private final Trial trial;
    private int runsLeft;

    private Shrinker(Trial trial, int runs) {
        this.trial = trial;
        this.runsLeft = runs;
    }

    /** Plays a history. */
    interface Trial {
        /** Whether it still shows what is looked for. */
        boolean shows(Scenario smaller) throws InterruptedException;
    }

    /**
     * The smallest history found.
     *
     * @param from one that shows it
     * @param runs how many trials there may be
     */
    static Scenario shrink(Scenario from, Trial trial, int runs) throws InterruptedException {
        Shrinker shrinker = new Shrinker(trial, runs);
        Scenario smallest = from;
        Scenario before;
        do {
            before = smallest;
            smallest = shrinker.fewerTroubles(smallest);
            smallest = shrinker.calmer(smallest);
            smallest = shrinker.fewerNodes(smallest);
        } while (!smallest.equals(before));
        return shrinker.rounded(smallest);
    }

    private boolean shows(Scenario smaller) throws InterruptedException {
        return runsLeft-- > 0 && trial.shows(smaller);
    }

    /** Leaves out ever smaller pieces, until none that is left can be missed. */
    private Scenario fewerTroubles(Scenario from) throws InterruptedException {
        Scenario smallest = from;
        int piece = from.troubles().size();
        while (piece > 0) {
            Optional<Scenario> smaller = without(smallest, piece);
            if (smaller.isPresent()) {
                smallest = smaller.get();
                piece = Math.min(piece, smallest.troubles().size());
            } else {
                piece /= 2;
            }
        }
        return smallest;
    }

    private Optional<Scenario> without(Scenario from, int piece) throws InterruptedException {
        List<Trouble> all = from.troubles();
        for (int begin = 0; begin < all.size(); begin += piece) {
            List<Trouble> rest = new ArrayList<>(all.subList(0, begin));
            rest.addAll(all.subList(Math.min(begin + piece, all.size()), all.size()));
            Scenario smaller = from.with(rest);
            if (shows(smaller)) {
                return Optional.of(smaller);
            }
        }
        return Optional.empty();
    }

    private Scenario calmer(Scenario from) throws InterruptedException {
        Scenario calmer = from.withoutBadRequests();
        return !calmer.equals(from) && shows(calmer) ? calmer : from;
    }

    private Scenario fewerNodes(Scenario from) throws InterruptedException {
        Scenario smallest = from;
        for (int i = 0; i < 2; i++) {
            boolean site = i == 0;
            Optional<Scenario> smaller = smaller(smallest, site);
            while (smaller.isPresent() && shows(smaller.get())) {
                smallest = smaller.get();
                smaller = smaller(smallest, site);
            }
        }
        return smallest;
    }

    /** Without the last site, or the last member of each; empty if that is needed for a trouble. */
    private static Optional<Scenario> smaller(Scenario from, boolean site) {
        int sites = from.sites() - (site ? 1 : 0);
        int members = from.members() - (site ? 0 : 1);
        List<Trouble> moved = new ArrayList<>();
        for (Trouble trouble : from.troubles()) {
            int inSite = trouble.target() / from.members();
            int member = trouble.target() % from.members();
            if (inSite >= sites || member >= members) {
                return Optional.empty();
            }
            moved.add(trouble.movedTo(inSite * members + member));
        }
        return sites > 0 && members > 0 ? Optional.of(from.withSize(sites, members, moved)) : Optional.empty();
    }

    /** Times that people can read. */
    private Scenario rounded(Scenario from) throws InterruptedException {
        Scenario roundest = from;
        for (int i = 0; i < from.troubles().size(); i++) {
            for (Duration unit : ROUND) {
                List<Trouble> troubles = new ArrayList<>(roundest.troubles());
                troubles.set(i, troubles.get(i).rounded(unit.toNanos()));
                Scenario rounder = roundest.with(troubles);
                if (!rounder.equals(roundest) && shows(rounder)) {
                    roundest = rounder;
                    break;
                }
            }
        }
        return roundest;
    }
}
