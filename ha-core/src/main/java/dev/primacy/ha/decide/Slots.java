// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import java.util.Locale;

/** Names of replication slots, by Patroni's rule. */
public final class Slots {
    private static final int LONGEST = 63;

    private Slots() {}

    /** The slot that a leader keeps for a member of its cluster. */
    public static String ofMember(String member) {
        StringBuilder name = new StringBuilder();
        member.toLowerCase(Locale.ROOT).codePoints().forEach(c -> {
            if (c == '-' || c == '.') {
                name.append('_');
            } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
                name.appendCodePoint(c);
            } else {
                name.append(String.format(Locale.ROOT, "u%04d", c));
            }
        });
        return name.length() > LONGEST ? name.substring(0, LONGEST) : name.toString();
    }

    /** The slot that the primary keeps for the leader of a standby site. */
    public static String ofSite(String site) {
        return ofMember("site_" + site);
    }
}
