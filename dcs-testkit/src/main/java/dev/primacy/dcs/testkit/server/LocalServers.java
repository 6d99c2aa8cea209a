// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Servers as processes on loopback, each with an address of its own, so that ports cannot clash. For another store, extend
 * this: make the processes in the constructor or a factory, and give them to {@link #run}.
 */
public abstract class LocalServers implements StoreServers {
    private static final AtomicInteger HOSTS = new AtomicInteger();

    private final String name;
    private final Path home;
    private final Thread atExit = new Thread(this::deleteHome);
    private List<ServerProcess> processes = List.of();

    /**
     * No servers yet, and a folder for them.
     *
     * @param name of the store, for messages and for the folder
     */
    protected LocalServers(String name) {
        this.name = name;
        try {
            this.home = Files.createTempDirectory("primacy-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("making a folder for " + name, e);
        }
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** An address on loopback that no other server has: from the number of this process, and a count. */
    protected static String nextHost() {
        long pid = ProcessHandle.current().pid();
        int count = HOSTS.getAndIncrement();
        return "127." + (1 + pid / 250 % 250) + "." + (1 + pid % 250) + "." + (1 + count % 250);
    }

    /**
     * A folder for the servers' data and logs, deleted by {@link #close}, and at the latest when this process ends. Only
     * this process's user may look into it.
     */
    public final Path home() {
        return home;
    }

    /** Starts them and waits until all serve. Called once. */
    protected final void run(List<ServerProcess> servers) {
        processes = List.copyOf(servers);
        heal();
    }

    /** Whether this server can be used. Asked again and again; must answer within about a second, and not throw. */
    protected abstract boolean serves(int index);

    /** Whether this server leads now; where all are alike, whether it serves. */
    protected boolean leads(int index) {
        return serves(index);
    }

    @Override
    public int leader() {
        int[] leader = {-1};
        await("a leader", () -> {
            OptionalInt found = IntStream.range(0, count())
                    .filter(i -> processes.get(i).isRunning() && leads(i))
                    .findFirst();
            found.ifPresent(i -> leader[0] = i);
            return found.isPresent();
        });
        return leader[0];
    }

    @Override
    public void kill(int index) {
        processes.get(index).kill();
    }

    @Override
    public void freeze(int index) {
        processes.get(index).freeze();
    }

    @Override
    public void thaw(int index) {
        processes.get(index).thaw();
    }

    @Override
    public void restart(int index) {
        processes.get(index).start();
    }

    @Override
    public void heal() {
        processes.forEach(ServerProcess::start);
        processes.forEach(ServerProcess::thaw);
        for (int i = 0; i < count(); i++) {
            int index = i;
            await("server " + index + " serves", () -> serves(index) || hasEnded(index));
        }
    }

    private boolean hasEnded(int index) {
        if (processes.get(index).isRunning()) {
            return false;
        }
        throw new IllegalStateException(name + ": server " + index + " ended by itself; the logs:\n" + logs());
    }

    private void await(String what, BooleanSupplier condition) {
        Patience.await(name + ": " + what, condition, this::logs);
    }

    private String logs() {
        StringBuilder all = new StringBuilder();
        for (ServerProcess process : processes) {
            try (Stream<String> lines = Files.lines(process.log())) {
                List<String> text = lines.toList();
                text.subList(Math.max(0, text.size() - 20), text.size())
                        .forEach(line -> all.append(line).append('\n'));
            } catch (IOException e) {
                all.append(e).append('\n');
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        processes.forEach(ServerProcess::kill);
        deleteHome();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void deleteHome() {
        processes.forEach(ServerProcess::kill);
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + home, e);
        }
    }
}
