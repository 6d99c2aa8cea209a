// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.record.Address;
import java.util.Optional;
import java.util.Set;

/**
 * Where this site stands. Whoever is not a {@link Leader} is read-only, and a leader is one only for as long as its
 * lease is valid: ask {@link Multisite#lease} for the deadline.
 */
public sealed interface SiteStanding {
    /** For people. */
    String reason();

    /** There is no group: the cluster's own lock is the only right that is needed. */
    record Single() implements SiteStanding {
        @Override
        public String reason() {
            return "there is one site only";
        }
    }

    /**
     * This site holds the lease, through this member.
     *
     * @param epoch grows with each change of the leader site
     * @param database system identifier of the group's database; empty while it has none, so that this site is to create it
     * @param otherSites the other sites that are there now
     */
    record Leader(long epoch, Optional<String> database, Set<String> otherSites) implements SiteStanding {
        public Leader {
            otherSites = Set.copyOf(otherSites);
        }

        /** Whether this site is to create the group's database. */
        public boolean mayFound() {
            return database.isEmpty();
        }

        @Override
        public String reason() {
            return "this site holds the site lease, epoch " + epoch;
        }
    }

    /**
     * This site holds the lease and is to stop writing, because it hands over.
     *
     * @param target to which site
     * @param member its member that may take over; empty while a request is being given up
     */
    record HandingOver(String target, Optional<String> member) implements SiteStanding {
        @Override
        public String reason() {
            return "handing over to site " + target;
        }
    }

    /**
     * Another site leads.
     *
     * @param leaderSite which
     * @param primary its primary's address, once it has told it
     */
    record Standby(String leaderSite, Optional<Address> primary) implements SiteStanding {
        @Override
        public String reason() {
            return "site " + leaderSite + " leads";
        }
    }

    /** Nobody knows; read-only, following nobody. */
    record Unknown(String reason) implements SiteStanding {}

    /** No other site leads, and this member lacks too much to lead; another member of this site may have more. */
    record Behind(String reason) implements SiteStanding {}

    /**
     * The data here is not the group's. It is neither served as primary nor touched.
     *
     * @param group system identifier of the group
     * @param local system identifier here
     */
    record Foreign(String group, String local) implements SiteStanding {
        @Override
        public String reason() {
            return "the data here has system identifier " + local + ", the group has " + group
                    + "; nothing is rewound or wiped. Move the data directory away to join the group with a copy";
        }
    }
}
