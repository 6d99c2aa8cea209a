// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.HistoryRecord;
import dev.primacy.dcs.record.HistoryRecord.Line;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.StatusRecord;
import dev.primacy.ha.HaConfig;
import dev.primacy.postgres.PostgresStatus.Server;
import dev.primacy.postgres.TimelineHistory;
import dev.primacy.postgres.TimelineHistory.End;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The cluster's {@code history} key: where each timeline ended, when, and by whose promotion. Its primary keeps it. */
final class Timelines {
    private Timelines() {}

    /** Whether this is a primary that may write, on a timeline that the key does not lead to. */
    static boolean areUntold(Observation seen) {
        return seen.cluster().isPresent()
                && seen.mayWrite()
                && isInStatus(seen)
                && seen.postgres().server().filter(Server::primary).isPresent()
                && !isTold(
                        seen.history(), seen.postgres().server().orElseThrow().timeline());
    }

    /** That comes first: until it shows, another member may be promoted from the timeline before. */
    private static boolean isInStatus(Observation seen) {
        return seen.status()
                .value()
                .flatMap(StatusRecord::timeline)
                .equals(seen.postgres().server().map(server -> (long) server.timeline()));
    }

    private static boolean isTold(Entry<HistoryRecord> there, int timeline) {
        if (there instanceof Entry.Absent) {
            return timeline == 1;
        }
        return there.value()
                .filter(record -> record.timeline() == timeline)
                .map(HistoryRecord::lines)
                .filter(lines ->
                        lines.isEmpty() || lines.get(lines.size() - 1).leader().isPresent())
                .isPresent();
    }

    static Optional<Decision> record(Observation seen, HaConfig config) {
        if (!areUntold(seen)) {
            return Optional.empty();
        }
        Entry<HistoryRecord> there = seen.history();
        int timeline = seen.postgres().server().orElseThrow().timeline();
        Optional<HistoryRecord> now = timeline == 1
                ? Optional.of(HistoryRecord.EMPTY)
                : seen.timelines()
                        .filter(read ->
                                read.timeline() == timeline && !read.ends().isEmpty())
                        .map(read -> HistoryRecord.of(lines(read, there.value().orElse(HistoryRecord.EMPTY), config)));
        return now.map(record -> new Decision.Write(
                RecordWrite.over(there.stored(), RecordKey.HISTORY, record.encode()),
                "writing the history of timeline " + timeline));
    }

    /** What is known of earlier promotions stays, as far as it is of this history, and of no more timelines than are kept. */
    private static List<Line> lines(TimelineHistory read, HistoryRecord known, HaConfig config) {
        Map<Long, Line> before = known.lines().stream()
                .collect(Collectors.toMap(Line::timeline, Function.identity(), (one, two) -> two));
        List<Line> lines = new ArrayList<>();
        for (End end : read.ends()) {
            Optional<Line> same = Optional.ofNullable(before.get((long) end.timeline()))
                    .filter(line -> line.lsn() == end.lsn().value());
            lines.add(same.orElseGet(() -> line(end, Optional.empty(), Optional.empty())));
        }
        Line last = lines.get(lines.size() - 1);
        if (last.leader().isEmpty()) {
            String begun = IsoTime.format(read.begun().atOffset(ZoneOffset.UTC));
            lines.set(
                    lines.size() - 1,
                    line(read.ends().get(read.ends().size() - 1), Optional.of(begun), Optional.of(config.name())));
        }
        long kept = config.cluster().timelinesKept();
        return kept == 0 || kept >= lines.size() ? lines : lines.subList(lines.size() - (int) kept, lines.size());
    }

    private static Line line(End end, Optional<String> time, Optional<String> leader) {
        return new Line(end.timeline(), end.lsn().value(), end.reason(), time, leader);
    }
}
