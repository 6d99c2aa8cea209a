// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the data directory that says that no server was ever started on the database in it. It names the database's
 * last checkpoint, so that it proves nothing any more once somebody has started a server by hand, or copied the file
 * along with other data. Empty, it says that the database beside it is not whole yet, or not any more.
 */
final class UnusedMark {
    private final Path dataDir;
    private final Path file;
    private final OwnedFiles files;

    UnusedMark(Path dataDir, OwnedFiles files) {
        this.dataDir = dataDir;
        this.file = dataDir.resolve("primacy.unused");
        this.files = files;
    }

    boolean is(Path entry) {
        return file.equals(entry);
    }

    /** Whether what is beside it never became a database, or is half removed. */
    boolean isOfDebris() throws IOException {
        return Files.exists(file) && Files.size(file) == 0;
    }

    boolean isOf(ControlFile control) throws IOException {
        return Files.exists(file) && Files.readString(file).equals(text(control));
    }

    void asDebris() throws IOException {
        files.empty(file);
        OwnedFiles.sync(dataDir);
    }

    void asUnused(ControlFile control) throws IOException {
        files.write(file, text(control));
    }

    /** On return no crash of the host brings it back. */
    void remove() throws IOException {
        if (Files.deleteIfExists(file)) {
            OwnedFiles.sync(dataDir);
        }
    }

    private static String text(ControlFile control) {
        return control.systemIdentifier() + " " + control.clusterState() + " " + control.checkpoint();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
