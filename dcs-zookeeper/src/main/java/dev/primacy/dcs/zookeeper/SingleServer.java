// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.jspecify.annotations.Nullable;

/** A server without an ensemble. */
final class SingleServer implements EmbeddedServer {
    private final Path data;
    private final Ports ports;
    private @Nullable ServerCnxnFactory running;

    SingleServer(Path data, Ports ports) {
        this.data = data;
        this.ports = ports;
    }

    @Override
    public String address() {
        return ports.address();
    }

    @Override
    public void start() {
        if (running != null) {
            return;
        }
        try {
            FileTxnSnapLog log = new FileTxnSnapLog(data.toFile(), data.toFile());
            int tick = EmbeddedZooKeeper.TICK_MILLIS;
            ZooKeeperServer server =
                    new ZooKeeperServer(log, tick, tick, LONGEST_SESSION_MILLIS, -1, new ZKDatabase(log), "");
            ServerCnxnFactory clients = EmbeddedServer.listen(ports);
            clients.startup(server);
            running = clients;
        } catch (IOException e) {
            throw new UncheckedIOException("starting ZooKeeper on " + address(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting ZooKeeper on " + address(), e);
        }
    }

    @Override
    public void stop() {
        if (running != null) {
            running.shutdown();
            running = null;
        }
    }

    @Override
    public boolean leads() {
        return running != null;
    }
}
