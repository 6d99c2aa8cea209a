// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.postgres;

import dev.primacy.postgres.Lsn;
import dev.primacy.postgres.TimelineHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a database contains. A promotion begins a new branch; the branches' own numbers tell apart what timeline numbers
 * do not: two servers that were promoted apart both made the next timeline.
 *
 * @param branches oldest first
 * @param end position behind the last byte
 */
public record Wal(List<Branch> branches, long end) {
    public static final Wal NONE = new Wal(List.of(), 0);
    private static final long FIRST_BYTE = 1000;

    /**
     * A piece of history.
     *
     * @param id unique
     * @param timeline what PostgreSQL calls it
     * @param begin its first byte
     */
    public record Branch(int id, int timeline, long begin) {
        /** Whether PostgreSQL, which knows no {@code id}, takes the two for one. */
        boolean looksLike(Branch other) {
            return timeline == other.timeline && begin == other.begin;
        }
    }

    /**
     * Where two histories part by their numbers.
     *
     * @param timeline the last one that they share
     * @param lsn where the first of the two left it; empty if neither did
     */
    record Fork(int timeline, Optional<Long> lsn) {}

    static Wal founded(int id) {
        return new Wal(List.of(new Branch(id, 1, FIRST_BYTE)), FIRST_BYTE);
    }

    boolean isEmpty() {
        return branches.isEmpty();
    }

    public int timeline() {
        return branches.isEmpty() ? 0 : branches.get(branches.size() - 1).timeline;
    }

    /** As PostgreSQL writes it into a file when it is promoted. */
    Optional<TimelineHistory> history() {
        List<TimelineHistory.End> ends = new ArrayList<>();
        for (int i = 1; i < branches.size(); i++) {
            ends.add(new TimelineHistory.End(
                    branches.get(i - 1).timeline, new Lsn(branches.get(i).begin), "no recovery target specified"));
        }
        return ends.isEmpty() ? Optional.empty() : Optional.of(new TimelineHistory(timeline(), Instant.EPOCH, ends));
    }

    Wal written(long bytes) {
        return new Wal(branches, end + bytes);
    }

    /** As PostgreSQL numbers timelines: whoever else is promoted from the same one makes the same number. */
    Wal promoted(int id) {
        List<Branch> longer = new ArrayList<>(branches);
        longer.add(new Branch(id, timeline() + 1, end));
        return new Wal(List.copyOf(longer), end);
    }

    public boolean contains(Wal other) {
        int count = other.branches.size();
        if (count > branches.size() || other.end > endOf(count)) {
            return false;
        }
        // From the last on: histories differ at their ends.
        for (int i = count - 1; i >= 0; i--) {
            if (branches.get(i).id != other.branches.get(i).id) {
                return false;
            }
        }
        return true;
    }

    /** Whether both have a timeline of one number that began in two promotions of the same database. */
    public boolean hasTwinIn(Wal other) {
        int same = shared(other).branches.size();
        return same > 0 && same < Math.min(branches.size(), other.branches.size());
    }

    /** The part of this that {@code other} has too. */
    public Wal shared(Wal other) {
        int same = 0;
        while (same < Math.min(branches.size(), other.branches.size())
                && branches.get(same).id == other.branches.get(same).id) {
            same++;
        }
        return same == 0 ? NONE : new Wal(branches.subList(0, same), Math.min(endOf(same), other.endOf(same)));
    }

    private long endOf(int count) {
        return count < branches.size() ? branches.get(count).begin : end;
    }

    /** This, with up to {@code bytes} more of {@code upstream}, which it is a part of. */
    Wal received(Wal upstream, long bytes) {
        if (upstream.end == end && upstream.branches.size() == branches.size()) {
            return this;
        }
        long reached = Math.min(upstream.end, end + bytes);
        return upstream.upTo(reached);
    }

    /** The part up to a position. */
    public Wal upTo(long position) {
        int count = branches.size();
        while (count > 1 && branches.get(count - 1).begin > position) {
            count--;
        }
        return new Wal(branches.subList(0, count), Math.min(end, position));
    }

    /** The part that {@code status} speaks of, if this has it. */
    public Optional<Wal> at(long timeline, long position) {
        for (int i = branches.size() - 1; i >= 0; i--) {
            if (branches.get(i).timeline == timeline) {
                boolean has = branches.get(i).begin <= position && position <= endOf(i + 1);
                return has ? Optional.of(new Wal(branches.subList(0, i + 1), position)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Where the two part as far as PostgreSQL can tell; empty if they share nothing. */
    Optional<Fork> fork(Wal other) {
        Optional<Fork> fork = Optional.empty();
        for (int i = 0; i < Math.min(branches.size(), other.branches.size()); i++) {
            if (!branches.get(i).looksLike(other.branches.get(i))) {
                break;
            }
            Optional<Long> mine = left(i);
            Optional<Long> theirs = other.left(i);
            Optional<Long> first = mine.isEmpty() || (theirs.isPresent() && theirs.get() < mine.get()) ? theirs : mine;
            fork = Optional.of(new Fork(branches.get(i).timeline, first));
        }
        return fork;
    }

    private Optional<Long> left(int index) {
        return index + 1 < branches.size() ? Optional.of(branches.get(index + 1).begin) : Optional.empty();
    }

    @Override
    public String toString() {
        return branches.isEmpty() ? "nothing" : "timeline " + timeline() + " (" + ids() + ") up to " + end;
    }

    private String ids() {
        return String.join(
                "-", branches.stream().map(branch -> String.valueOf(branch.id)).toList());
    }
}
