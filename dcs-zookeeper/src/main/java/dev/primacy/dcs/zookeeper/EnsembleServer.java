// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.zookeeper.server.ZKDatabase;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.quorum.QuorumPeer;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig.ConfigException;
import org.jspecify.annotations.Nullable;

/** One server of an ensemble. */
final class EnsembleServer implements EmbeddedServer {
    /** In ticks; short, so that an ensemble that lost its leader has another one soon. */
    private static final int LIMIT_TICKS = 4;

    private final int id;
    private final Path data;
    private final List<Ports> all;
    private @Nullable QuorumPeer running;

    EnsembleServer(int id, Path data, List<Ports> all) {
        this.id = id;
        this.data = data;
        this.all = all;
    }

    @Override
    public String address() {
        return all.get(id - 1).address();
    }

    @Override
    public void start() {
        if (running != null) {
            return;
        }
        try {
            Files.writeString(data.resolve("myid"), String.valueOf(id));
            QuorumPeer peer = peer(configuration());
            peer.start();
            running = peer;
        } catch (IOException | ConfigException e) {
            throw new IllegalStateException("starting ZooKeeper on " + address(), e);
        }
    }

    private QuorumPeerConfig configuration() throws IOException, ConfigException {
        Properties properties = new Properties();
        properties.setProperty("dataDir", data.toString());
        properties.setProperty("tickTime", String.valueOf(EmbeddedZooKeeper.TICK_MILLIS));
        properties.setProperty("initLimit", String.valueOf(2 * LIMIT_TICKS));
        properties.setProperty("syncLimit", String.valueOf(LIMIT_TICKS));
        properties.setProperty("minSessionTimeout", String.valueOf(EmbeddedZooKeeper.TICK_MILLIS));
        properties.setProperty("maxSessionTimeout", String.valueOf(LONGEST_SESSION_MILLIS));
        for (int server = 1; server <= all.size(); server++) {
            Ports ports = all.get(server - 1);
            properties.setProperty(
                    "server." + server,
                    "127.0.0.1:" + ports.follower() + ":" + ports.election() + ";127.0.0.1:" + ports.client());
        }
        QuorumPeerConfig configuration = new QuorumPeerConfig();
        configuration.parseProperties(properties);
        return configuration;
    }

    private QuorumPeer peer(QuorumPeerConfig configuration) throws IOException {
        QuorumPeer peer = new QuorumPeer();
        peer.setTxnFactory(new FileTxnSnapLog(data.toFile(), data.toFile()));
        peer.setZKDatabase(new ZKDatabase(peer.getTxnFactory()));
        peer.setElectionType(configuration.getElectionAlg());
        peer.setMyid(id);
        peer.setTickTime(configuration.getTickTime());
        peer.setMinSessionTimeout(configuration.getMinSessionTimeout());
        peer.setMaxSessionTimeout(configuration.getMaxSessionTimeout());
        peer.setInitLimit(configuration.getInitLimit());
        peer.setSyncLimit(configuration.getSyncLimit());
        peer.setQuorumVerifier(configuration.getQuorumVerifier(), false);
        peer.initConfigInZKDatabase();
        peer.setCnxnFactory(EmbeddedServer.listen(all.get(id - 1)));
        peer.setLearnerType(configuration.getPeerType());
        peer.initialize();
        return peer;
    }

    @Override
    public void stop() {
        if (running == null) {
            return;
        }
        running.shutdown();
        try {
            // Its ports are free for a restart only when it has ended.
            running.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while stopping ZooKeeper on " + address(), e);
        }
        running = null;
    }

    @Override
    public boolean leads() {
        return running != null && running.getPeerState() == QuorumPeer.ServerState.LEADING;
    }
}
