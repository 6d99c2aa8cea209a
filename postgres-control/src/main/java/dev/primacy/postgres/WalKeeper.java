// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.postgres.Divergence.Diverged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Copies the WAL that a rewind would lose, so that people can still find out what was in it. */
record WalKeeper(OwnedFiles files, Path dataDir) {
    private static final Pattern SEGMENT = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})(\\.partial)?");
    private static final Pattern HISTORY = Pattern.compile("[0-9A-F]{8}\\.history");

    /** The folder with the copies: beside the data directory, named by timeline and fork. */
    Path keep(Diverged diverged, int timeline, int segmentBytes) throws IOException {
        Path parent = dataDir.resolveSibling(dataDir.getFileName() + "-diverged");
        Path folder = parent.resolve(timeline + "-" + diverged.fork().toString().replace('/', '-'));
        files.createFolder(parent);
        files.createFolder(folder);
        Path wal = dataDir.resolve("pg_wal");
        for (Path file : OwnedFiles.list(wal)) {
            if (isLost(file.getFileName().toString(), diverged, timeline, segmentBytes)) {
                files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        OwnedFiles.sync(folder);
        return folder;
    }

    /** Segments from the one with the fork to the last one in use; those after it are only prepared for reuse. */
    static boolean isLost(String name, Diverged diverged, int timeline, int segmentBytes) {
        if (HISTORY.matcher(name).matches()) {
            return true;
        }
        Matcher segment = SEGMENT.matcher(name);
        if (!segment.matches()) {
            return false;
        }
        long of = Long.parseLong(segment.group(1), 16);
        long perFile = (1L << 32) / segmentBytes;
        long number = Long.parseLong(segment.group(2), 16) * perFile + Long.parseLong(segment.group(3), 16);
        return of >= diverged.forkTimeline()
                && of <= timeline
                && number >= Long.divideUnsigned(diverged.fork().value(), segmentBytes)
                && number <= Long.divideUnsigned(diverged.localEnd().value(), segmentBytes);
    }
}
