// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The control file as {@code pg_controldata} prints it in the C locale. */
final class ControlFile {
    private final Map<String, String> entries = new HashMap<>();

    ControlFile(String output) {
        for (String line : output.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                entries.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        // Read once here, so that a broken file is found when it is read and not in the middle of some work.
        timeline();
        checkpoint();
        end();
        systemIdentifier();
        clusterState();
    }

    String systemIdentifier() {
        return entry("Database system identifier");
    }

    String clusterState() {
        return entry("Database cluster state");
    }

    Lsn checkpoint() {
        return Lsn.parse(entry("Latest checkpoint location"));
    }

    /**
     * The last timeline that this server wrote or replayed. A primary that crashed between its promotion and its first
     * checkpoint has the new one only as that of the minimum recovery point.
     */
    int timeline() {
        return Math.max(number("Latest checkpoint's TimeLineID"), number("Min recovery ending loc's timeline"));
    }

    /** How far the WAL surely goes; there may be more. */
    Lsn end() {
        return checkpoint().later(Lsn.parse(entry("Minimum recovery ending location")));
    }

    int walSegmentBytes() {
        return number("Bytes per WAL segment");
    }

    /** A setting that a standby must not set lower than its primary had it, for example {@code max_connections}. */
    Optional<Integer> setting(String name) {
        return entries.containsKey(name + " setting") ? Optional.of(number(name + " setting")) : Optional.empty();
    }

    PostgresStatus.ControlData data(boolean standby, boolean unused) {
        return new PostgresStatus.ControlData(
                systemIdentifier(),
                clusterState(),
                number("Latest checkpoint's TimeLineID"),
                checkpoint(),
                standby,
                unused);
    }

    private int number(String name) {
        return Integer.parseInt(entry(name));
    }

    private String entry(String name) {
        String value = entries.get(name);
        if (value == null) {
            throw new IllegalArgumentException("pg_controldata does not say: " + name);
        }
        return value;
    }
}
