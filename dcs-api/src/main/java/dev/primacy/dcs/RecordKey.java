// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.regex.Pattern;

/**
 * The name of a record inside a scope, as Patroni spells it.
 *
 * @param path for example {@code initialize}; members are {@code members/<name>}
 */
public record RecordKey(String path) {
    // First, since the constants below are checked against it.
    private static final Pattern ALLOWED = Pattern.compile("[a-z]+(/[^/\\p{Cntrl}]+)?");

    public static final RecordKey INITIALIZE = new RecordKey("initialize");
    public static final RecordKey CONFIG = new RecordKey("config");
    public static final RecordKey STATUS = new RecordKey("status");
    public static final RecordKey FAILOVER = new RecordKey("failover");
    public static final RecordKey SYNC = new RecordKey("sync");
    public static final RecordKey HISTORY = new RecordKey("history");
    public static final RecordKey FAILSAFE = new RecordKey("failsafe");

    /** How often the right to write went to another site; only grows. Multisite groups only. */
    public static final RecordKey EPOCH = new RecordKey("epoch");

    public RecordKey {
        if (!ALLOWED.matcher(path).matches() || path.endsWith("/.") || path.endsWith("/..")) {
            throw new IllegalArgumentException("not the name of a record: '" + path + "'");
        }
    }

    @Override
    public String toString() {
        return path;
    }
}
