// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/** Files and folders that belong to the server's user. */
final class OwnedFiles {
    private final OsUser user;

    OwnedFiles(OsUser user) {
        this.user = user;
    }

    /** Creates a folder that only its owner may enter. */
    void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder.toAbsolutePath().getParent());
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            user.own(folder);
        }
    }

    /** Creates a folder of a name that is new, for its owner only. */
    Path createTemporaryFolder(Path parent) throws IOException {
        Path folder = Files.createTempDirectory(parent, "primacy.");
        user.own(folder);
        return folder;
    }

    /** Moves all that is in one folder into another of the same file system; the first is gone then. */
    static void moveContent(Path from, Path to) throws IOException {
        for (Path entry : list(from)) {
            Files.move(entry, to.resolve(entry.getFileName()));
        }
        Files.delete(from);
        sync(to);
    }

    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.toList();
        }
    }

    /** Writes a file whole or not at all, also when the host loses power meanwhile. */
    void write(Path file, String content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " is no file");
        }
        Path temporary = Files.createTempFile(folder, file.getFileName().toString(), ".tmp");
        try {
            Files.writeString(temporary, content);
            user.own(temporary);
            sync(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Creates a file, or takes from it all that it has. Whatever happens meanwhile, there is no other file. */
    void empty(Path file) throws IOException {
        Files.writeString(file, "");
        user.own(file);
        sync(file);
    }

    void createIfAbsent(Path file) throws IOException {
        if (!Files.exists(file)) {
            write(file, "");
        }
    }

    void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        user.own(to);
        sync(to);
    }

    static void sync(Path fileOrFolder) throws IOException {
        try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static boolean isAbsentOrEmpty(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return true;
        }
        return list(folder).isEmpty();
    }

    /** Deletes what is in the folder, and the folder itself unless {@code keepFolder}. Links are not followed. */
    static void delete(Path folder, boolean keepFolder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                if (!(keepFolder && visited.equals(folder))) {
                    Files.delete(visited);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
