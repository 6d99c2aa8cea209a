// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** ZooKeeper servers in JVMs of their own. ZooKeeper must be on the class path. */
public final class ZooKeeperServers extends LocalServers {
    private static final int CLIENTS = 2181;
    private static final int PATIENCE_MILLIS = 1000;

    /** Of these servers, in milliseconds. */
    public static final int TICK_MILLIS = 100;

    private final List<String> hosts;

    private ZooKeeperServers(int count) {
        super("zookeeper");
        hosts = IntStream.range(0, count).mapToObj(i -> nextHost()).toList();
    }

    /** Starts this many, as one ensemble. */
    public static ZooKeeperServers start(int count) {
        return start(count, Map.of(), List.of());
    }

    /**
     * Starts this many with more settings.
     *
     * @param settings for {@code zoo.cfg}; may replace what is there
     * @param jvmOptions for example {@code -Djava.security.auth.login.config=...}
     */
    public static ZooKeeperServers start(int count, Map<String, String> settings, List<String> jvmOptions) {
        ZooKeeperServers servers = new ZooKeeperServers(count);
        servers.run(IntStream.range(0, count)
                .mapToObj(i -> servers.process(i, settings, jvmOptions))
                .toList());
        return servers;
    }

    /** Of one server on its own, as in {@code zoo.cfg}. */
    static Map<String, String> settings(String host, Path data) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("dataDir", data.toString());
        all.put("clientPortAddress", host);
        all.put("clientPort", String.valueOf(CLIENTS));
        all.put("tickTime", String.valueOf(TICK_MILLIS));
        all.put("initLimit", "20");
        all.put("syncLimit", "10");
        all.put("minSessionTimeout", String.valueOf(TICK_MILLIS));
        all.put("maxSessionTimeout", "60000");
        all.put("forceSync", "no");
        all.put("admin.enableServer", "false");
        all.put("4lw.commands.whitelist", "*");
        return all;
    }

    private ServerProcess process(int index, Map<String, String> settings, List<String> jvmOptions) {
        String name = "zookeeper-" + index;
        Path data = home().resolve(name);
        Path file = home().resolve(name + ".cfg");
        Map<String, String> all = settings(hosts.get(index), data);
        if (hosts.size() > 1) {
            for (int i = 0; i < hosts.size(); i++) {
                all.put("server." + (i + 1), hosts.get(i) + ":2888:3888");
            }
        }
        all.putAll(settings);
        Properties properties = new Properties();
        properties.putAll(all);
        try (var out = Files.newBufferedWriter(file)) {
            Files.createDirectories(data);
            Files.writeString(data.resolve("myid"), String.valueOf(index + 1));
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(jvmOptions);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                file.toString()));
        return new ServerProcess(command, Map.of(), home().resolve(name + ".log"));
    }

    /** Of this JVM, written out where it is only the name of a list. */
    static List<Path> classPath() {
        return Stream.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return hosts.stream().map(host -> new InetSocketAddress(host, CLIENTS)).toList();
    }

    @Override
    protected boolean serves(int index) {
        return serves(addresses().get(index));
    }

    static boolean serves(InetSocketAddress server) {
        return ask(server, "srvr").contains("Mode: ");
    }

    @Override
    protected boolean leads(int index) {
        String answer = ask(index, "srvr");
        return answer.contains("Mode: leader") || answer.contains("Mode: standalone");
    }

    /** The answer to one of ZooKeeper's four letter words, such as {@code mntr}; empty if there is none. */
    public String ask(int index, String word) {
        return ask(addresses().get(index), word);
    }

    static String ask(InetSocketAddress server, String word) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(server, PATIENCE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
