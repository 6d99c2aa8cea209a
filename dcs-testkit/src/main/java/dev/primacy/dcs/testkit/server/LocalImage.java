// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** An image made of nothing but programs of this machine and the libraries that they need. */
final class LocalImage {
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private final Map<String, Path> files = new TreeMap<>();
    private final Map<String, String> texts = new TreeMap<>();

    /** The program as {@code /<name>}, with its libraries where it looks for them. */
    LocalImage program(Path program) {
        add("/" + program.getFileName(), program);
        return librariesOf(program);
    }

    LocalImage librariesOf(Path program) {
        try {
            Process ldd = new ProcessBuilder("ldd", program.toString()).start();
            try (BufferedReader lines = ldd.inputReader(StandardCharsets.UTF_8)) {
                lines.lines()
                        .map(LIBRARY::matcher)
                        .filter(Matcher::find)
                        .map(found -> Path.of(found.group(1)))
                        .forEach(library -> add(library.toString(), library));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run ldd on " + program, e);
        }
        return this;
    }

    /** All files below a folder, at the same place in the image. */
    LocalImage folder(Path folder) {
        try (Stream<Path> below = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            below.filter(Files::isRegularFile).forEach(file -> add(file.toString(), file));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + folder, e);
        }
        return this;
    }

    LocalImage file(Path file) {
        add(file.toString(), file);
        return this;
    }

    LocalImage text(String at, String content) {
        texts.put(at, content);
        return this;
    }

    private void add(String at, Path file) {
        files.put(at, file);
    }

    /**
     * An image that is kept, since it depends on nothing but what is installed. Its tag says what it is made of: an image
     * whose name went to one for another class path would stay without a name, and nobody would ever find it again.
     */
    ImageFromDockerfile build(String name, List<String> command) {
        String tag = Integer.toHexString(Objects.hash(files.keySet(), texts, command));
        ImageFromDockerfile image = new ImageFromDockerfile("primacy-test/" + name + ":" + tag, false)
                .withDockerfileFromBuilder(builder -> builder.from("scratch")
                        .copy("root", "/")
                        .entryPoint(command.toArray(String[]::new))
                        .build());
        files.forEach((at, file) -> image.withFileFromPath("root" + at, file));
        texts.forEach((at, content) -> image.withFileFromString("root" + at, content));
        return image.withFileFromString("root/tmp/empty", "");
    }
}
