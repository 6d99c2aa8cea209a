// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.lease.Lease;
import dev.primacy.multisite.Multisite;
import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteStanding;
import dev.primacy.time.MonotonicInstant;
import java.util.Optional;
import java.util.function.Predicate;

/** The second right that a primary needs: that of its site. */
public interface SiteRole {
    /** A cluster that belongs to no group: the cluster's own lock is enough. */
    SiteRole SINGLE = new SiteRole() {
        private static final MonotonicInstant ALWAYS = new MonotonicInstant(Long.MAX_VALUE);

        @Override
        public SiteStanding standing() {
            return new SiteStanding.Single();
        }

        @Override
        public Optional<MonotonicInstant> writableUntil() {
            return Optional.of(ALWAYS);
        }

        @Override
        public void report(SiteFacts facts) {
            // There is nobody to tell.
        }

        @Override
        public void speakWhile(Predicate<Long> holdsLeaderLock) {
            // There is nobody to speak to.
        }
    };

    SiteStanding standing();

    /** Until when the site's right may be relied on; empty if it has none now. */
    Optional<MonotonicInstant> writableUntil();

    /** Tells the group what this member knows of itself. */
    void report(SiteFacts facts);

    /** Has this asked, before this member acts for its site, whether it has held the leader lock all the time since a term. */
    void speakWhile(Predicate<Long> holdsLeaderLock);

    /** The role that a group gives. */
    static SiteRole in(Multisite group) {
        return new SiteRole() {
            @Override
            public SiteStanding standing() {
                return group.standing();
            }

            @Override
            public Optional<MonotonicInstant> writableUntil() {
                return group.lease().map(Lease::until);
            }

            @Override
            public void report(SiteFacts facts) {
                group.report(facts);
            }

            @Override
            public void speakWhile(Predicate<Long> holdsLeaderLock) {
                group.speakWhile(holdsLeaderLock);
            }
        };
    }
}
