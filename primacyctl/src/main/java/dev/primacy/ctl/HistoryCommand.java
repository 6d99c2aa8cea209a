// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.HistoryRecord;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows when the lead moved. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows where each timeline ended, and who led then.")
final class HistoryCommand extends OneClusterCommand {
    @Option(
            names = {"-f", "--format"},
            defaultValue = "pretty",
            description = "${COMPLETION-CANDIDATES}")
    private Format format = Format.pretty;

    @Override
    boolean run(Session session) {
        List<List<Object>> rows =
                session.cluster().look().history().value().orElse(HistoryRecord.EMPTY).lines().stream()
                        .map(HistoryCommand::row)
                        .toList();
        session.say(new Sheet("", List.of("TL", "LSN", "Reason", "Timestamp", "New Leader"), rows).as(format));
        return true;
    }

    private static List<Object> row(HistoryRecord.Line line) {
        return List.of(
                line.timeline(),
                line.lsn(),
                line.reason(),
                line.time().orElse(""),
                line.leader().orElse(""));
    }
}
