// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Optional;

/** {@code history} of a multisite group: one entry for each time that the right to write went to another site. */
public final class SiteHistory {
    private static final Memo<SiteHistory> PARSED = new Memo<>(SiteHistory::read);
    public static final SiteHistory EMPTY = new SiteHistory(JsonNodeFactory.instance.arrayNode());

    private final ArrayNode entries;

    private SiteHistory(ArrayNode entries) {
        this.entries = entries;
    }

    /** Reads a JSON list; entries of other shapes than ours are kept as they are. */
    public static SiteHistory parse(String text) {
        return PARSED.of(text);
    }

    private static SiteHistory read(String text) {
        if (Json.parse(text) instanceof ArrayNode list) {
            return new SiteHistory(list);
        }
        throw new IllegalArgumentException("no JSON list: " + JsonObject.shown(text));
    }

    /** The site that the last entry gave the right to. */
    public Optional<String> lastLeader() {
        return last("last_leader");
    }

    /** Why it got it: see {@link Entry#cause}. */
    public Optional<String> lastCause() {
        return last("cause");
    }

    private Optional<String> last(String field) {
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(entries.get(entries.size() - 1).get(field))
                        .map(JsonNode::asText);
    }

    public int size() {
        return entries.size();
    }

    /** This history and one entry more. */
    public SiteHistory append(Entry entry) {
        ArrayNode longer = entries.deepCopy();
        longer.addObject()
                .put("last_leader", entry.leader)
                .put("switches", entries.size())
                .put("epoch", entry.epoch)
                .put("cause", entry.cause)
                .put("time", entry.time.toString())
                .put("lost_bytes", entry.lostBytes);
        return new SiteHistory(longer);
    }

    public String encode() {
        return Json.text(entries);
    }

    /**
     * A change of the leader site.
     *
     * @param leader who got the right
     * @param epoch that began with it
     * @param cause {@code founded}, {@code takeover} or {@code switchover}
     * @param time by the wall clock of the site that wrote it, for people
     * @param lostBytes WAL that the old leader had published and the new one never got
     */
    public record Entry(String leader, long epoch, String cause, Instant time, long lostBytes) {}
}
