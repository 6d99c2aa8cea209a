// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The timelines and the end of the WAL in the data directory. */
final class LocalHistory {
    private static final Pattern POSITION = Pattern.compile(".* at ([0-9A-F]+/[0-9A-F]+)", Pattern.DOTALL);

    private final Path wal;
    private final Programs programs;

    LocalHistory(Path dataDir, Programs programs) {
        this.wal = dataDir.resolve("pg_wal");
        this.programs = programs;
    }

    /** The history of the timeline here. Without its file, what the upstream knows of that timeline. */
    History history(int timeline, History upstream) throws IOException {
        Path file = wal.resolve(String.format(Locale.ROOT, "%08X.history", timeline));
        if (timeline > 1 && Files.notExists(file)) {
            return upstream.until(timeline).orElseGet(() -> History.parse(timeline, ""));
        }
        return History.parse(timeline, timeline > 1 ? Files.readString(file) : "");
    }

    /**
     * The end of the last WAL record of a stopped server. The control file only says how far it surely went, which after
     * a crash is less; the records tell.
     *
     * @param from the end, or the beginning, of a record
     */
    Lsn end(int timeline, Lsn from, int segmentBytes) {
        Lsn files = endOfFiles(timeline, from, segmentBytes);
        if (files.equals(from) || !dump(timeline, from, files, "--limit=1").contains("rmgr: ")) {
            return from;
        }
        Matcher end = POSITION.matcher(dump(timeline, from, files, "--quiet"));
        return end.lookingAt() ? Lsn.parse(end.group(1)).later(new Lsn(from.value() + 1)) : files;
    }

    /** Where the files without a gap end. pg_waldump waits five seconds for one that is not there. */
    private Lsn endOfFiles(int timeline, Lsn from, int segmentBytes) {
        long segment = Long.divideUnsigned(from.value(), segmentBytes);
        long next = segment;
        while (Files.exists(wal.resolve(fileName(timeline, next, segmentBytes)))) {
            next++;
        }
        return next == segment ? from : new Lsn(next * segmentBytes);
    }

    private static String fileName(int timeline, long segment, int segmentBytes) {
        long perBlock = (1L << 32) / segmentBytes;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, segment / perBlock, segment % perBlock);
    }

    /** pg_waldump fails at the end of the WAL, so its status says nothing. */
    private String dump(int timeline, Lsn from, Lsn to, String option) {
        List<String> arguments =
                List.of("--path=" + wal, "--timeline=" + timeline, "--start=" + from, "--end=" + to, option);
        return programs.run(Map.of(), "", "pg_waldump", arguments).output();
    }
}
