// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** A new folder under the system's temporary one, which the user that PostgreSQL runs as can reach too. */
record Workspace(Path root) {
    static Workspace create() {
        try {
            Path root = Files.createTempDirectory("primacy-");
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            return new Workspace(root.toRealPath());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a folder for the nodes", e);
        }
    }

    /** A folder for one node. */
    Path home(String node) {
        try {
            return Files.createDirectory(root.resolve(node));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create a folder for " + node, e);
        }
    }

    void delete() {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new LabException("cannot delete " + root, e);
        }
    }
}
