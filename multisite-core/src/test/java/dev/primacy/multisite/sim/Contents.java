// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.dcs.record.StatusRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What data the numbers stand for that members tell the group: several histories may have one number. */
final class Contents {
    private record Teller(String site, long localTerm, long timeline, long end) {}

    private final Map<Teller, Wal> told = new HashMap<>();
    private final Map<Stopped, Wal> stops = new HashMap<>();

    /** A primary is about to tell the group how far its data goes. */
    void mayTell(String site, long localTerm, Wal wal) {
        told.put(new Teller(site, localTerm, wal.timeline(), wal.end()), wal);
    }

    /** Empty if the one that is named told it in an earlier term, or another did: a claim carries what it found. */
    Optional<Wal> of(StatusRecord status) {
        String site = status.source().text("site").orElse("");
        return Optional.ofNullable(told.get(new Teller(
                site, status.localTermOf(site).orElse(0L), status.timeline().orElse(0L), status.optime())));
    }

    /** A primary has ended in good order. */
    void stopped(Stopped end, Wal wal) {
        stops.put(end, wal);
    }

    /** All that the stopped server had acknowledged. */
    Optional<Wal> upTo(Stopped end) {
        return Optional.ofNullable(stops.get(end)).map(wal -> new Wal(wal.branches(), end.lsn()));
    }
}
