// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** What the server and its guard print: a file beside the data directory, so that no clone or rewind touches it. */
record ServerLog(OwnedFiles files, Path path) {
    private static final long ROTATE_AT = 16 << 20;
    private static final int TAIL = 8 << 10;

    /** Creates the file; keeps one old one. */
    void prepare() {
        try {
            Files.createDirectories(path.toAbsolutePath().getParent());
            if (Files.exists(path) && Files.size(path) > ROTATE_AT) {
                Files.move(path, path.resolveSibling(path.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            files.createIfAbsent(path);
        } catch (IOException e) {
            throw new PostgresException("cannot create the server's log " + path + ": " + e.getMessage(), e);
        }
    }

    long size() {
        try {
            return Files.exists(path) ? Files.size(path) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines that were printed since the file had that size. */
    String since(long size) {
        try (SeekableByteChannel channel = Files.newByteChannel(path)) {
            channel.position(Math.max(Math.min(size, channel.size()), channel.size() - TAIL));
            ByteBuffer buffer = ByteBuffer.allocate(TAIL);
            channel.read(buffer);
            return Programs.lastLines(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return "(cannot read " + path + ": " + e.getMessage() + ")";
        }
    }
}
