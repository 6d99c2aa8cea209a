// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** {@code history} of a cluster: where each timeline of its database ended. Lines it cannot read are kept as they are. */
public final class HistoryRecord {
    /** The history of timeline 1. */
    public static final HistoryRecord EMPTY = new HistoryRecord(JsonNodeFactory.instance.arrayNode());

    private final ArrayNode lines;

    private HistoryRecord(ArrayNode lines) {
        this.lines = lines;
    }

    public static HistoryRecord of(List<Line> lines) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        lines.forEach(line -> list.add(line.node()));
        return new HistoryRecord(list);
    }

    /**
     * Reads Patroni's JSON.
     *
     * @throws IllegalArgumentException if it is no list
     */
    public static HistoryRecord parse(String text) {
        if (Json.parse(text) instanceof ArrayNode list) {
            return new HistoryRecord(list);
        }
        throw new IllegalArgumentException("no JSON list: " + JsonObject.shown(text));
    }

    /** The lines that can be read, the oldest first. */
    public List<Line> lines() {
        return StreamSupport.stream(lines.spliterator(), false)
                .flatMap(line -> Line.of(line).stream())
                .toList();
    }

    /** The timeline that the cluster is on by this: the one after the last line. 0 if the last line does not tell. */
    public long timeline() {
        if (lines.isEmpty()) {
            return 1;
        }
        JsonNode last = lines.get(lines.size() - 1).path(0);
        return Json.number(last.asText())
                .filter(ended -> ended > 0 && ended < Long.MAX_VALUE)
                .map(ended -> ended + 1)
                .orElse(0L);
    }

    public String encode() {
        return Json.text(lines);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HistoryRecord that && lines.equals(that.lines);
    }

    @Override
    public int hashCode() {
        return lines.hashCode();
    }

    @Override
    public String toString() {
        return encode();
    }

    /**
     * The end of one timeline.
     *
     * @param timeline that ended
     * @param lsn where; unsigned
     * @param reason as PostgreSQL's history file has it
     * @param time when the next one began, ISO 8601 by the wall clock of who promoted; unknown for old lines
     * @param leader who promoted; unknown for old lines, and never known without the time
     */
    public record Line(long timeline, long lsn, String reason, Optional<String> time, Optional<String> leader) {
        private static final int SHORTEST = 3;

        private static Optional<Line> of(JsonNode line) {
            Optional<Long> timeline = Json.number(line.path(0).asText());
            Optional<Long> lsn = Json.unsigned(line.path(1).asText());
            if (line.size() < SHORTEST || timeline.isEmpty() || lsn.isEmpty()) {
                return Optional.empty();
            }
            String reason = line.get(2).asText();
            return Optional.of(new Line(timeline.get(), lsn.get(), reason, text(line.path(3)), text(line.path(4))));
        }

        private static Optional<String> text(JsonNode node) {
            return Optional.of(node).filter(JsonNode::isTextual).map(JsonNode::asText);
        }

        private JsonNode node() {
            List<Object> fields = new ArrayList<>(List.of(timeline, Json.lsn(lsn), reason));
            time.ifPresent(fields::add);
            leader.filter(name -> time.isPresent()).ifPresent(fields::add);
            return Json.node(fields);
        }
    }
}
