// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.SiteHistory;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.dcs.record.SiteSwitchover.Stopped;
import dev.primacy.dcs.record.StatusRecord;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What must hold after every step, whatever went wrong before. */
final class Invariants {
    private final Group group;
    private Snapshot before = new Snapshot(Optional.empty(), new TreeMap<>(), java.util.Map.of());

    private Optional<Stored> told = Optional.empty();

    Invariants(Group group) {
        this.group = group;
    }

    void check() {
        List<Member> writable = group.writable();
        require(writable.size() <= 1, "more than one database accepts writes: " + writable);
        List<String> sites = group.members.stream()
                .filter(Member::mayWrite)
                .map(member -> member.site.name)
                .distinct()
                .toList();
        require(sites.size() <= 1, "more than one site stands as leader with a valid lease: " + sites);
    }

    void founding() {
        require(
                systemIdentifier(group.truth()).isEmpty(),
                "a second database is founded, the group has " + systemIdentifier(group.truth()));
    }

    void storeChanged() {
        Snapshot after = group.truth();
        Optional<String> had = systemIdentifier(before);
        require(had.isEmpty() || had.equals(systemIdentifier(after)), "the group's database was exchanged");
        require(epoch(after) >= epoch(before), "the epoch went back: " + epoch(before) + " to " + epoch(after));
        if (history(after).size() > history(before).size()) {
            newLeader(after);
        } else if (isInheritance(after)) {
            group.events.inheritances++;
        }
        Optional<Stored> status = after.record(RecordKey.STATUS);
        // What was told of a database that is not the group's yet is no loss of the group.
        if (had.isPresent() && !status.equals(before.record(RecordKey.STATUS))) {
            told = status;
        }
        before = after;
    }

    private boolean isInheritance(Snapshot after) {
        return before.leader().isPresent()
                && after.leader().isPresent()
                && !before.leader().equals(after.leader())
                && before.leader().map(Lock::holder).equals(after.leader().map(Lock::holder));
    }

    /** Whoever begins to write has as much of what the group knew as it may not lose. */
    void leads(Wal data) {
        told.map(Stored::value)
                .map(StatusRecord::parse)
                .ifPresent(status -> require(
                        status.timeline().orElse(0L) <= data.timeline()
                                && status.optime() - data.end() <= Group.MAXIMUM_LAG,
                        "too much was lost: the lead begins with " + data + ", the group knew of " + status));
    }

    /** While the claim was under way. It cannot lead then, and others have what it had. */
    private static boolean lostItsDisk(Wal wal) {
        return wal.branches().isEmpty();
    }

    private void newLeader(Snapshot after) {
        require(epoch(after) > epoch(before), "another site leads, in the same epoch");
        String history = after.record(RecordKey.HISTORY).orElseThrow().value();
        if (history.endsWith("\"lost_bytes\":0}]") && history.contains("\"cause\":\"switchover\"")) {
            boolean last = history.lastIndexOf("\"switchover\"") > history.lastIndexOf("\"takeover\"")
                    && history.lastIndexOf("\"switchover\"") > history.lastIndexOf("\"founded\"");
            if (last) {
                switchedOver(after);
                return;
            }
        }
        group.events.takeovers++;
    }

    private void switchedOver(Snapshot after) {
        group.events.switchovers++;
        Stopped end = before.record(RecordKey.FAILOVER)
                .map(Stored::value)
                .flatMap(SiteSwitchover::parse)
                .flatMap(SiteSwitchover::stopped)
                .orElseThrow(() -> new AssertionError("a switchover to a leader that had not stopped"));
        Wal stopped = group.stoppedAt(end).orElseThrow();
        Wal data = new Wal(stopped.branches(), end.lsn());
        String member = after.leader().orElseThrow().session().replaceAll("\\..*", "");
        Wal mine = group.named(member).orElseThrow().database.wal();
        require(
                lostItsDisk(mine) || mine.contains(data),
                "a planned switchover lost data: " + member + " has " + mine + " of " + data);
    }

    private static Optional<String> systemIdentifier(Snapshot snapshot) {
        return snapshot.record(RecordKey.INITIALIZE)
                .map(Stored::value)
                .map(InitializeRecord::parse)
                .flatMap(InitializeRecord::systemIdentifier);
    }

    private static long epoch(Snapshot snapshot) {
        return snapshot.record(RecordKey.EPOCH)
                .map(Stored::value)
                .map(Long::valueOf)
                .orElse(0L);
    }

    private static SiteHistory history(Snapshot snapshot) {
        return snapshot.record(RecordKey.HISTORY)
                .map(Stored::value)
                .map(SiteHistory::parse)
                .orElse(SiteHistory.EMPTY);
    }

    private void require(boolean holds, String broken) {
        if (!holds) {
            throw new AssertionError(
                    broken + ", after " + group.time.now().millis() + " ms and " + group.time.steps() + " steps");
        }
    }
}
