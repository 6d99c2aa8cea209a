// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import dev.primacy.time.MonotonicInstant;
import java.util.List;

/**
 * Which incident lost which rows. A row is lost when writing goes on without it: by the incident during which the next
 * streak began. Its ack may well have come before that incident.
 */
record Losses(List<Ack> ordered, List<WriteSpan> spans, List<Ack> lost) {
    List<Ack> of(Incident incident, List<Incident> incidents) {
        return lost.stream()
                .filter(ack -> incident.equals(culprit(ack, incidents)))
                .toList();
    }

    private Incident culprit(Ack ack, List<Incident> incidents) {
        Incident culprit = incidents.get(0);
        MonotonicInstant wentOn = wentOnWithout(ack);
        for (Incident incident : incidents) {
            if (!incident.time().from().isAfter(wentOn)) {
                culprit = incident;
            }
        }
        return culprit;
    }

    private MonotonicInstant wentOnWithout(Ack ack) {
        return spans.stream()
                .map(span -> span.time().from())
                .filter(first -> first.isAfter(ack.acked()))
                .min(MonotonicInstant::compareTo)
                .orElse(new MonotonicInstant(Long.MAX_VALUE));
    }

    /** WAL from the last row that was kept to the last that was lost, node by node. */
    long bytes(List<Ack> rows) {
        return rows.stream()
                .map(Ack::node)
                .distinct()
                .mapToLong(node -> bytes(node, rows))
                .sum();
    }

    private long bytes(String node, List<Ack> rows) {
        List<Ack> mine = rows.stream().filter(ack -> ack.node().equals(node)).toList();
        Ack first = mine.get(0);
        Ack start = first;
        for (Ack ack : ordered) {
            if (ack.acked().compareTo(first.acked()) >= 0) {
                break;
            }
            if (ack.node().equals(node)) {
                start = ack;
            }
        }
        return mine.get(mine.size() - 1).lsn().bytesSince(start.lsn());
    }
}
