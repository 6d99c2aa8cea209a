// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.util.ServiceUtils;

/**
 * Real ZooKeeper servers inside this JVM, on loopback, with data in a temporary directory: for demonstrations and tests.
 * One server, or an ensemble whose servers can be stopped and started again with their data, which would not survive a loss
 * of power.
 *
 * <p>A tick is {@value #TICK_MILLIS} ms; session timeouts from one tick to two minutes are granted as asked for. Not for
 * use by several threads at once.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    /** The servers' {@code tickTime}, for the option {@code tick_time}. */
    public static final int TICK_MILLIS = 500;

    private final Path directory;
    private final List<EmbeddedServer> servers = new ArrayList<>();

    private EmbeddedZooKeeper(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts that many servers: 1, or an odd number from 3 on. Returns without waiting for an ensemble's election, which
     * clients wait for by themselves.
     */
    public static EmbeddedZooKeeper start(int count) {
        if (count < 1 || count % 2 == 0) {
            throw new IllegalArgumentException("1 server or an odd number of them, not " + count);
        }
        // By default a server without Jetty complains, a server waits for the disk at each write, which holds up
        // everybody
        // on a busy machine, and a server with a full disk ends the JVM it is in.
        System.setProperty("zookeeper.admin.enableServer", "false");
        System.setProperty("zookeeper.forceSync", "no");
        ServiceUtils.setSystemExitProcedure(ServiceUtils.LOG_ONLY);
        try {
            EmbeddedZooKeeper ensemble = new EmbeddedZooKeeper(Files.createTempDirectory("zookeeper-"));
            List<EmbeddedServer.Ports> ports = ports(count);
            for (int id = 1; id <= count; id++) {
                Path data = Files.createDirectory(ensemble.directory.resolve(String.valueOf(id)));
                ensemble.servers.add(
                        count == 1 ? new SingleServer(data, ports.get(0)) : new EnsembleServer(id, data, ports));
            }
            ensemble.servers.forEach(EmbeddedServer::start);
            return ensemble;
        } catch (IOException e) {
            throw new UncheckedIOException("starting ZooKeeper in this JVM", e);
        }
    }

    /** The clients' ports of all servers, for the option {@code hosts}. */
    public String connectString() {
        return servers.stream().map(EmbeddedServer::address).collect(Collectors.joining(","));
    }

    /** How many servers there are, running or not. */
    public int size() {
        return servers.size();
    }

    /** Stops one server, counted from 0; clients see their connections break. Its data stays. */
    public void stop(int server) {
        servers.get(server).stop();
    }

    /** Starts a stopped server again, on the same ports and data. */
    public void restart(int server) {
        servers.get(server).start();
    }

    /** The server that leads the ensemble, counted from 0; -1 while there is none. */
    public int leader() {
        for (int server = 0; server < servers.size(); server++) {
            if (servers.get(server).leads()) {
                return server;
            }
        }
        return -1;
    }

    /** Stops all servers and deletes their data. */
    @Override
    public void close() {
        servers.forEach(EmbeddedServer::stop);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + directory, e);
        }
    }

    /** All are open at once before the first is closed, so that no two are the same. */
    private static List<EmbeddedServer.Ports> ports(int count) throws IOException {
        List<ServerSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * count; i++) {
                open.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            List<EmbeddedServer.Ports> ports = new ArrayList<>();
            for (int i = 0; i < open.size(); i += 3) {
                ports.add(new EmbeddedServer.Ports(
                        open.get(i).getLocalPort(),
                        open.get(i + 1).getLocalPort(),
                        open.get(i + 2).getLocalPort()));
            }
            return ports;
        } finally {
            for (ServerSocket socket : open) {
                socket.close();
            }
        }
    }
}
