// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.Optional;

/**
 * A group of a Citus cluster. Each is a cluster with leader, members and records of its own, in a scope below that of the
 * whole.
 *
 * @param number 0 is the coordinator, others are workers
 */
public record CitusGroup(int number) implements Comparable<CitusGroup> {
    public static final CitusGroup COORDINATOR = new CitusGroup(0);

    private static final String VALID = "0|[1-9][0-9]{0,9}";

    public CitusGroup {
        if (number < 0) {
            throw new IllegalArgumentException("not the number of a Citus group: " + number);
        }
    }

    /** The group that a child of the whole cluster's scope is; empty if it is something else, which is to be left alone. */
    public static Optional<CitusGroup> ofChild(String name) {
        return Optional.of(name)
                .filter(text -> text.matches(VALID))
                .map(Long::valueOf)
                .filter(number -> number <= Integer.MAX_VALUE)
                .map(number -> new CitusGroup(number.intValue()));
    }

    /** The group in whose scope a path below the whole cluster's scope lies; empty if it lies in none. */
    public static Optional<CitusGroup> ofPath(String path) {
        return ofChild(path.substring(0, Math.max(0, path.indexOf('/'))));
    }

    /**
     * The group's scope.
     *
     * @param cluster path of the whole, for example {@code /service/demo}
     */
    public String path(String cluster) {
        return cluster + "/" + number;
    }

    @Override
    public int compareTo(CitusGroup other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return String.valueOf(number);
    }
}
