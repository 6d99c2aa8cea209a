// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Patroni's own code on the same servers. */
final class Peer {
    private final Path system;
    private final Path script;

    /**
     * Patroni in a system.
     *
     * @param system root of a system where Patroni is installed
     * @param script measures its verbs
     */
    Peer(Path system, Path script) {
        this.system = system;
        this.script = script;
    }

    boolean isInstalled() {
        return Files.isExecutable(system.resolve("usr/bin/patroni"));
    }

    /** Median milliseconds by verb. */
    Map<String, Double> latencies(Store store) {
        List<String> command = new ArrayList<>();
        if (!system.equals(Path.of("/"))) {
            command.addAll(List.of("chroot", system.toString()));
        }
        try {
            command.addAll(List.of("python3", "-c", Files.readString(script), store.section(), store.address()));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ObjectMapper().readValue(answer, new TypeReference<Map<String, Double>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException("Patroni in " + system + " told no figures", e);
        }
    }
}
