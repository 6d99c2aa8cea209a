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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What must hold after every step, whatever went wrong before. */
final class Invariants {
    private final Group group;
    private Snapshot before = new Snapshot(Optional.empty(), new TreeMap<>(), Map.of());
    private final Set<Optional<String>> used = new HashSet<>();
    private Optional<Wal> told = Optional.empty();
    private Optional<Handover> handover = Optional.empty();

    /** What the holder of {@code lock} owes to those whose writes the leader before it acknowledged. */
    private record Handover(Lock lock, Wal owed) {}

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

    /** Several may be created; only one is ever used, and that is never discarded. */
    void discarding(Member member) {
        Optional<String> database = member.database.systemIdentifier();
        require(
                !used.contains(database) && !database.equals(systemIdentifier(group.truth())),
                member + " discards the group's database " + database);
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
        if (!after.record(RecordKey.STATUS).equals(before.record(RecordKey.STATUS))) {
            told = Optional.of(contentsTold(after));
        }
        before = after;
    }

    private boolean isInheritance(Snapshot after) {
        return before.leader().isPresent()
                && after.leader().isPresent()
                && !before.leader().equals(after.leader())
                && before.leader().map(Lock::holder).equals(after.leader().map(Lock::holder));
    }

    private Wal contentsTold(Snapshot after) {
        StatusRecord now = status(after).orElseThrow();
        Optional<StatusRecord> last = status(before)
                .filter(old -> old.optime() == now.optime() && old.timeline().equals(now.timeline()));
        return group.contents
                .of(now)
                .or(() -> last.flatMap(same -> told))
                .orElseThrow(() -> new AssertionError("nobody had what was told: " + now));
    }

    /** Whoever begins to write has as much of the data that the group knew of as it may not lose, and all of what it owes. */
    void leads(Member member, Wal data) {
        Optional<String> database = member.database.systemIdentifier();
        used.add(database);
        require(
                database.equals(systemIdentifier(group.truth())),
                member + " accepts writes in " + database + ", the group has " + systemIdentifier(group.truth()));
        told.ifPresent(known -> {
            long lost = known.end() - known.shared(data).end();
            boolean unseen = lost > Group.MAXIMUM_LAG && known.hasTwinIn(data);
            group.events.unseenLosses += unseen ? 1 : 0;
            // A takeover goes by numbers. Where two histories have the same, it may lose more than it can know of.
            boolean enough = unseen
                    ? known.timeline() <= data.timeline() && known.end() - data.end() <= Group.MAXIMUM_LAG
                    : lost <= Group.MAXIMUM_LAG;
            require(enough, "too much was lost: " + member + " begins with " + data + ", the group knew of " + known);
        });
        handover.filter(to ->
                        group.truth().isHeldBy(to.lock) && sessionOf(to.lock).equals(member.name))
                .ifPresent(to -> require(
                        data.contains(to.owed),
                        "a planned switchover lost data: " + member + " begins with " + data + " of " + to.owed));
    }

    private static String sessionOf(Lock lock) {
        return lock.session().replaceAll("\\..*", "");
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
        Wal owed = group.contents.upTo(end).orElseThrow();
        Lock lock = after.leader().orElseThrow();
        String member = sessionOf(lock);
        Wal mine = group.named(member).orElseThrow().database.wal();
        // Its disk may be lost while its claim is under way. Then this is checked if it ever leads by this claim.
        require(
                mine.isEmpty() || mine.contains(owed),
                "a planned switchover lost data: " + member + " has " + mine + " of " + owed);
        handover = Optional.of(new Handover(lock, owed));
    }

    private static Optional<StatusRecord> status(Snapshot snapshot) {
        return snapshot.record(RecordKey.STATUS).map(Stored::value).map(StatusRecord::parse);
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
