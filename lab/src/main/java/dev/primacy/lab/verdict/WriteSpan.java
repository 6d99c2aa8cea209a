// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Time in which a node was surely writable: from the first to the last ack of one streak. Its writer never rests, so a
 * node that stopped to be writable in between would have refused or dropped an INSERT, which ends the streak.
 *
 * @param node the node
 * @param time from the first ack to the last
 */
public record WriteSpan(String node, Interval time) {
    /** The spans of these acks. */
    public static List<WriteSpan> of(Collection<Ack> acks) {
        record Streak(String node, int number) {}
        Map<Streak, Interval> spans = new LinkedHashMap<>();
        for (Ack ack : acks) {
            spans.merge(
                    new Streak(ack.node(), ack.streak()),
                    new Interval(ack.acked(), ack.acked()),
                    (a, b) -> new Interval(a.from().earlier(b.from()), a.to().isAfter(b.to()) ? a.to() : b.to()));
        }
        List<WriteSpan> result = new ArrayList<>();
        spans.forEach((streak, time) -> result.add(new WriteSpan(streak.node(), time)));
        return result;
    }

    /** When two different nodes were writable, as intervals that do not touch. */
    public static List<Interval> overlaps(List<WriteSpan> spans) {
        List<Interval> found = new ArrayList<>();
        for (int i = 0; i < spans.size(); i++) {
            for (WriteSpan other : spans.subList(i + 1, spans.size())) {
                if (!other.node.equals(spans.get(i).node)) {
                    spans.get(i).time.common(other.time).ifPresent(found::add);
                }
            }
        }
        return Interval.merged(found);
    }
}
