// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Every process of one node, also those that outlived their parent. */
final class ProcessTree {
    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final Path home;
    private final Path postmasterPid;

    /**
     * The processes of one node.
     *
     * @param home folder of the node; what works in it or names it in its command line is the node's, and so is all that
     *     descends from such
     */
    ProcessTree(Path home, Path dataDir) {
        this.home = home;
        this.postmasterPid = dataDir.resolve("postmaster.pid");
    }

    /** Those alive now. */
    List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> isNamed(process) || isAtHome(process))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .distinct()
                .filter(ProcessTree::runs)
                .toList();
    }

    /** The server's first process, if one runs. */
    Optional<ProcessHandle> postmaster() {
        try {
            return ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(postmasterPid).get(0)))
                    // A server that was killed leaves its note behind, and its number may be another's by now.
                    .filter(this::isNamed);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException noneOrHalfWritten) {
            return Optional.empty();
        }
    }

    /** Not so of one that has ended and is only waited for by its parent, which may be a lazy one. */
    static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(proc(process, "stat"), StandardCharsets.ISO_8859_1);
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException ended) {
            return false;
        }
    }

    static boolean runsProgram(ProcessHandle process, String name) {
        try {
            return Files.readSymbolicLink(proc(process, "exe")).endsWith(name);
        } catch (IOException ended) {
            return false;
        }
    }

    private boolean isNamed(ProcessHandle process) {
        try {
            return Files.readString(proc(process, "cmdline"), StandardCharsets.ISO_8859_1)
                    .contains(home + "/");
        } catch (IOException ended) {
            return false;
        }
    }

    /** PostgreSQL's own children have titles instead of command lines. */
    private boolean isAtHome(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(proc(process, "cwd")).startsWith(home);
        } catch (IOException endedOrNotOurs) {
            return false;
        }
    }

    private static Path proc(ProcessHandle process, String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /** Kills all of them at once, and those that they were just starting. */
    void kill(Await await) {
        await.until("end of the processes in " + home, END_LIMIT, () -> {
            List<ProcessHandle> alive = processes();
            signal("KILL", alive);
            return alive.isEmpty();
        });
    }

    /** Sends one signal to all of them in one go. */
    static void signal(String name, Collection<ProcessHandle> processes) {
        if (processes.isEmpty()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of("bash", "-c", "kill -s \"$0\" -- \"$@\" 2>/dev/null", name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        try {
            // Some may have ended already, so the status says nothing.
            new ProcessBuilder(command).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run bash to send SIG" + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted", e);
        }
    }
}
