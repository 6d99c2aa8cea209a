// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a snapshot says about one cluster. Each record keeps what was stored, to make a write conditional on.
 *
 * @param initialize which database this is
 * @param config settings of the whole cluster; unreadable is none
 * @param leader who holds the lock
 * @param status how far the leader's WAL goes, out of {@code optime/leader} where there is no {@code status}
 * @param members by name
 * @param failover what an operator asked for
 * @param sync who has every acknowledged commit
 * @param history ends of timelines
 * @param failsafe whom a leader without the store must reach
 */
public record ClusterView(
        Entry<InitializeRecord> initialize,
        Entry<ConfigRecord> config,
        Optional<Lock> leader,
        Entry<StatusRecord> status,
        SortedMap<String, Entry<MemberRecord>> members,
        Entry<FailoverRecord> failover,
        Entry<SyncRecord> sync,
        Entry<HistoryRecord> history,
        Entry<FailsafeRecord> failsafe) {
    public ClusterView {
        members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    }

    public static ClusterView of(Snapshot seen) {
        TreeMap<String, Entry<MemberRecord>> members = new TreeMap<>();
        seen.members()
                .forEach((name, stored) -> members.put(name, Entry.read(Optional.of(stored), MemberRecord::parse)));
        Optional<Stored> status = seen.record(RecordKey.STATUS).or(() -> seen.record(RecordKey.OPTIME_LEADER));
        return new ClusterView(
                Entry.read(seen.record(RecordKey.INITIALIZE), InitializeRecord::parse),
                Entry.read(seen.record(RecordKey.CONFIG), ConfigRecord::parse),
                seen.leader(),
                Entry.read(status, StatusRecord::parse),
                members,
                Entry.read(seen.record(RecordKey.FAILOVER), FailoverRecord::parse),
                Entry.read(seen.record(RecordKey.SYNC), SyncRecord::parse),
                Entry.read(seen.record(RecordKey.HISTORY), HistoryRecord::parse),
                Entry.read(seen.record(RecordKey.FAILSAFE), FailsafeRecord::parse));
    }

    /** Whether nobody leads: there is no lock, or it names nobody. */
    public boolean isUnlocked() {
        return leaderName().isEmpty();
    }

    public Optional<String> leaderName() {
        return leader.map(Lock::holder).filter(name -> !name.isEmpty());
    }

    /** What this member published; empty too if it cannot be read. */
    public Optional<MemberRecord> member(String name) {
        return Optional.ofNullable(members.get(name)).flatMap(Entry::value);
    }

    /** What the leader published; empty if it published nothing. */
    public Optional<MemberRecord> leaderMember() {
        return leaderName().flatMap(this::member);
    }

    /** The timeline that the cluster is on by its history; 0 if unknown. */
    public long timeline() {
        return history.value().map(HistoryRecord::timeline).orElse(0L);
    }

    /** The oldest version that a member runs; empty if none tells. */
    public Optional<AgentVersion> oldestVersion() {
        return members.values().stream()
                .flatMap(entry -> entry.value().stream())
                .flatMap(member -> member.agentVersion().stream())
                .min(Comparator.naturalOrder());
    }

    /**
     * Whom a new member may be copied from, any of them, sorted: running members that offer it, or else the leader. Nobody
     * if there is none.
     *
     * @param self the new member
     */
    public List<String> cloneSources(String self) {
        List<String> offered = members.entrySet().stream()
                .filter(entry -> entry.getValue()
                        .value()
                        .filter(ClusterView::offersClone)
                        .isPresent())
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals(self) && !leaderName().equals(Optional.of(name)))
                .toList();
        return offered.isEmpty() ? leaderName().stream().toList() : offered;
    }

    private static boolean offersClone(MemberRecord member) {
        return member.isRunning()
                && member.tags().clonefrom()
                && !member.connUrl().isEmpty();
    }
}
