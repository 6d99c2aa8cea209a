// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.regex.Pattern;

/**
 * The name of a record inside a scope, as Patroni spells it. The leader lock and what lies under {@code members} are no
 * records: a plain write of them would belong to no session, and would never vanish.
 *
 * @param path for example {@code initialize} or {@code optime/leader}
 */
public record RecordKey(String path) {
    // First, since the constants below are checked against it.
    private static final Pattern ALLOWED = Pattern.compile("(?!leader$|members(/|$))[a-z]+(/[^/\\p{Cntrl}]+)?");

    public static final RecordKey INITIALIZE = new RecordKey("initialize");
    public static final RecordKey CONFIG = new RecordKey("config");
    public static final RecordKey STATUS = new RecordKey("status");

    /** Where Patroni published the position of the WAL before there was {@code status}. */
    public static final RecordKey OPTIME_LEADER = new RecordKey("optime/leader");

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
