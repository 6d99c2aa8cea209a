// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.lease.Lease;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteHistory;
import dev.primacy.dcs.record.SiteRecord;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.time.MonotonicInstant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * All that a decision may look at.
 *
 * @param now one reading of the clock
 * @param group the store's content; empty: it did not answer
 * @param facts of this member
 * @param lease ours, if it may be relied on now
 * @param leaderlessSince since when no site has been seen to lead; empty while one does
 * @param before where the site stood until now
 * @param stopTold whether this leader has told, or tried to tell, the group that it stopped for a switchover: from then on
 *     the target may replace its lock at any moment, long before the deadline of the lease
 * @param handingOverSince since when this leader has accepted no writes because of a switchover
 */
record SiteObservation(
        MonotonicInstant now,
        Optional<Snapshot> group,
        SiteFacts facts,
        Optional<Lease> lease,
        Optional<MonotonicInstant> leaderlessSince,
        SiteStanding before,
        boolean stopTold,
        Optional<MonotonicInstant> handingOverSince) {
    private static final Pattern EPOCH = Pattern.compile("[0-9]{1,18}");

    /** Whether the store shows that the lease which this member relies on is somebody else's by now. */
    boolean leaseReplaced() {
        return group.isPresent() && lease.isPresent() && !lock().equals(lease.map(Lease::lock));
    }

    Optional<Lock> lock() {
        return group.flatMap(Snapshot::leader);
    }

    Optional<Stored> stored(RecordKey key) {
        return group.flatMap(snapshot -> snapshot.record(key));
    }

    Entry<InitializeRecord> initialize() {
        return Entry.read(stored(RecordKey.INITIALIZE), InitializeRecord::parse);
    }

    /** The system identifier of the group's database. */
    Optional<String> founded() {
        return initialize().value().flatMap(InitializeRecord::systemIdentifier);
    }

    /** Whether the group has a database. */
    boolean isFounded() {
        return founded().isPresent();
    }

    Entry<Optional<SiteSwitchover>> switchover() {
        return Entry.read(stored(RecordKey.FAILOVER), SiteSwitchover::parse);
    }

    Entry<StatusRecord> status() {
        return Entry.read(stored(RecordKey.STATUS), StatusRecord::parse);
    }

    Entry<SiteHistory> history() {
        return Entry.read(stored(RecordKey.HISTORY), SiteHistory::parse);
    }

    Entry<Long> epoch() {
        return Entry.read(stored(RecordKey.EPOCH), text -> {
            if (!EPOCH.matcher(text).matches()) {
                throw new IllegalArgumentException("no number: '" + text + "'");
            }
            return Long.valueOf(text);
        });
    }

    /** The sites that are there and whose records can be read. */
    Map<String, SiteRecord> sites() {
        Map<String, SiteRecord> sites = new TreeMap<>();
        group.ifPresent(snapshot -> snapshot.members()
                .forEach((name, stored) -> Entry.read(Optional.of(stored), SiteRecord::parse)
                        .value()
                        .ifPresent(site -> sites.put(name, site))));
        return sites;
    }

    /** Where the site's data is to be had; empty while it has none. */
    Optional<Address> primaryOf(String site) {
        return Optional.ofNullable(sites().get(site))
                .filter(record -> record.systemIdentifier().isPresent())
                .map(SiteRecord::address);
    }
}
