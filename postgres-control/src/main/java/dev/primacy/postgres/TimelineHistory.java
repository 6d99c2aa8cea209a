// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a server's timeline history file says.
 *
 * @param timeline the present one
 * @param begun when it began, by the wall clock of the server that was promoted then; of a copied file when it was copied
 * @param ends of the timelines before, the oldest first
 */
public record TimelineHistory(int timeline, Instant begun, List<End> ends) {
    public TimelineHistory {
        ends = List.copyOf(ends);
    }

    /**
     * The end of one timeline.
     *
     * @param lsn where the next one began
     * @param reason for people
     */
    public record End(int timeline, Lsn lsn, String reason) {}

    /** Reads the lines of a timeline history file; what is no such line counts as a comment. */
    static List<End> ends(String text) {
        List<End> ends = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String[] words = line.strip().split("\\s+", 3);
            if (words.length >= 2 && words[0].matches("\\d{1,9}")) {
                ends.add(new End(
                        Integer.parseInt(words[0]), Lsn.parse(words[1]), words.length > 2 ? words[2].strip() : ""));
            }
        }
        return ends;
    }
}
