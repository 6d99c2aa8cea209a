// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import java.util.ArrayList;
import java.util.List;

/**
 * What a database contains. A promotion begins a new branch; the branches' own numbers tell apart what timeline numbers
 * do not: two servers that were promoted apart both made the next timeline.
 *
 * @param branches oldest first
 * @param end position behind the last byte
 */
record Wal(List<Branch> branches, long end) {
    private static final long FIRST_BYTE = 1000;

    /**
     * A piece of history.
     *
     * @param id unique
     * @param timeline what PostgreSQL calls it
     * @param begin its first byte
     */
    record Branch(int id, long timeline, long begin) {}

    Wal {
        branches = List.copyOf(branches);
    }

    static Wal founded(int id) {
        return new Wal(List.of(new Branch(id, 1, FIRST_BYTE)), FIRST_BYTE);
    }

    boolean isEmpty() {
        return branches.isEmpty();
    }

    long timeline() {
        return branches.get(branches.size() - 1).timeline;
    }

    Wal written(long bytes) {
        return new Wal(branches, end + bytes);
    }

    /** As PostgreSQL numbers timelines: whoever else is promoted from the same one makes the same number. */
    Wal promoted(int id) {
        List<Branch> longer = new ArrayList<>(branches);
        longer.add(new Branch(id, timeline() + 1, end));
        return new Wal(longer, end);
    }

    boolean contains(Wal other) {
        return shared(other).equals(other);
    }

    /** Whether both have a timeline of one number that began in two promotions of the same database. */
    boolean hasTwinIn(Wal other) {
        int same = shared(other).branches.size();
        return same > 0 && same < Math.min(branches.size(), other.branches.size());
    }

    /** The part of this that {@code other} has too. */
    Wal shared(Wal other) {
        int same = 0;
        while (same < Math.min(branches.size(), other.branches.size())
                && branches.get(same).equals(other.branches.get(same))) {
            same++;
        }
        return same == 0
                ? new Wal(List.of(), 0)
                : new Wal(branches.subList(0, same), Math.min(endOf(same), other.endOf(same)));
    }

    private long endOf(int count) {
        return count < branches.size() ? branches.get(count).begin : end;
    }

    /** This, with up to {@code bytes} more of {@code upstream}, which it is a part of. */
    Wal received(Wal upstream, long bytes) {
        long reached = Math.min(upstream.end, end + bytes);
        return new Wal(
                upstream.branches.stream()
                        .filter(branch -> branch.begin <= reached)
                        .toList(),
                reached);
    }
}
