// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Network.Ipam;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * One server in a container, with an address of its own that it keeps when it is killed or cut off. Needs Testcontainers
 * on the class path and a Docker daemon on this machine. Images are built out of programs of this machine, so that no
 * registry is needed.
 */
public final class ContainerServers implements StoreServers {
    private static final String LAST_PART = "10";

    private final Network network;
    private final GenericContainer<?> container;
    private final InetSocketAddress address;
    private final Predicate<InetSocketAddress> serves;
    private boolean paused;

    /**
     * Starts one.
     *
     * @param command where {@code HOST} stands for the container's address
     * @param serves whether the server there can be used; must answer within about a second, and not throw
     */
    private ContainerServers(
            ImageFromDockerfile image, int port, List<String> command, Predicate<InetSocketAddress> serves) {
        this.serves = serves;
        String subnet = freeSubnet();
        network = Network.builder()
                .createNetworkCmdModifier(
                        create -> create.withIpam(new Ipam().withConfig(new Ipam.Config().withSubnet(subnet + "0/24"))))
                .build();
        String host = subnet + LAST_PART;
        address = new InetSocketAddress(host, port);
        container = new GenericContainer<>(image)
                .withNetwork(network)
                .withCommand(
                        command.stream().map(part -> part.replace("HOST", host)).toArray(String[]::new))
                .withCreateContainerCmdModifier(create -> create.withIpv4Address(host));
        container.start();
        heal();
    }

    /** Of this process, so that tests that run at one time do not meet. */
    private static String freeSubnet() {
        String[] own = LocalServers.nextHost().split("\\.", -1);
        return "10." + own[2] + "." + own[3] + ".";
    }

    public static ContainerServers etcd() {
        Path program = ServerPrograms.require("etcd");
        requireDocker();
        return new ContainerServers(
                new LocalImage().program(program).build("etcd", List.of("/etcd")),
                2379,
                List.of(
                        "--name=etcd-0",
                        "--data-dir=/data",
                        "--listen-client-urls=http://0.0.0.0:2379",
                        "--advertise-client-urls=http://HOST:2379",
                        "--heartbeat-interval=50",
                        "--election-timeout=500",
                        "--unsafe-no-fsync=true",
                        "--log-level=warn"),
                server -> EtcdServers.isHealthy("http://" + server.getHostString() + ":" + server.getPort()));
    }

    public static ContainerServers consul() {
        Path program = ServerPrograms.require("consul");
        requireDocker();
        return new ContainerServers(
                new LocalImage().program(program).build("consul", List.of("/consul", "agent")),
                8500,
                List.of(
                        "-server",
                        "-node=consul-0",
                        "-bootstrap-expect=1",
                        "-data-dir=/data",
                        "-bind=HOST",
                        "-client=0.0.0.0",
                        "-log-level=warn",
                        "-hcl=" + ConsulServers.SETTINGS),
                server -> ConsulServers.isRegistered(
                        "http://" + server.getHostString() + ":" + server.getPort(), "consul-0"));
    }

    /** ZooKeeper must be on the class path. */
    public static ContainerServers zookeeper() {
        requireDocker();
        Path java = Path.of(System.getProperty("java.home"));
        LocalImage image = new LocalImage()
                .librariesOf(java.resolve("bin/java"))
                .librariesOf(java.resolve("lib/server/libjvm.so"))
                .librariesOf(java.resolve("lib/libnio.so"))
                .file(java.resolve("bin/java"))
                .folder(java.resolve("lib/server"))
                .file(java.resolve("lib/modules"))
                .folder(java.resolve("conf"));
        Stream.of(
                        "libjli.so",
                        "libjava.so",
                        "libjimage.so",
                        "libnet.so",
                        "libnio.so",
                        "libzip.so",
                        "libverify.so",
                        "libextnet.so",
                        "libmanagement.so",
                        "libmanagement_ext.so",
                        "jvm.cfg",
                        "tzdb.dat")
                .map(name -> java.resolve("lib").resolve(name))
                .map(Path::toFile)
                .filter(File::isFile)
                .forEach(file -> image.file(file.toPath()));
        Map<String, String> settings = ZooKeeperServers.settings("0.0.0.0", Path.of("/data"));
        image.text(
                "/zoo.cfg",
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                        .collect(Collectors.joining()));
        // Without what was built together with the tests: it differs each time, and no server needs it.
        List<Path> classes = ZooKeeperServers.classPath().stream()
                .filter(jar -> jar.toFile().isFile())
                .filter(jar -> !jar.resolveSibling("").endsWith("target"))
                .toList();
        classes.forEach(image::file);
        String classPath = String.join(":", classes.stream().map(Path::toString).toList());
        return new ContainerServers(
                image.build("zookeeper", List.of(java.resolve("bin/java").toString())),
                2181,
                List.of(
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        classPath,
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        "/zoo.cfg"),
                ZooKeeperServers::serves);
    }

    private static void requireDocker() {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return;
        }
        String message = "no Docker daemon answers: start one, or run bin/setup --containers as root";
        // What sets up the machine has tried, and says so itself.
        throw "missing".equals(System.getenv("PRIMACY_CONTAINERS"))
                ? new TestAbortedException(message)
                : ServerPrograms.missing(message);
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return List.of(address);
    }

    @Override
    public int leader() {
        heal();
        return 0;
    }

    @Override
    public void kill(int index) {
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void freeze(int index) {
        docker().pauseContainerCmd(container.getContainerId()).exec();
        paused = true;
    }

    @Override
    public void thaw(int index) {
        if (paused) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
            paused = false;
        }
    }

    @Override
    public void restart(int index) {
        docker().startContainerCmd(container.getContainerId()).exec();
    }

    /** Takes the container off its network: packets get lost, nobody is told. */
    public void disconnect() {
        docker().disconnectFromNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(container.getContainerId())
                .exec();
    }

    /** Ends that. */
    public void connect() {
        docker().connectToNetworkCmd()
                .withNetworkId(network.getId())
                .withContainerId(container.getContainerId())
                .withContainerNetwork(new ContainerNetwork()
                        .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(address.getHostString())))
                .exec();
    }

    @Override
    public void heal() {
        thaw(0);
        if (!isRunning()) {
            restart(0);
        }
        if (!isConnected()) {
            connect();
        }
        Patience.await(
                container.getDockerImageName() + " serves",
                () -> serves.test(address) || hasEnded(),
                container::getLogs);
    }

    private boolean hasEnded() {
        if (isRunning()) {
            return false;
        }
        throw new IllegalStateException(
                container.getDockerImageName() + " ended by itself; its log:\n" + container.getLogs());
    }

    private boolean isRunning() {
        return Boolean.TRUE.equals(docker().inspectContainerCmd(container.getContainerId())
                .exec()
                .getState()
                .getRunning());
    }

    private boolean isConnected() {
        return docker()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getNetworkSettings()
                .getNetworks()
                .values()
                .stream()
                .anyMatch(of -> network.getId().equals(of.getNetworkID()));
    }

    private static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    @Override
    public void close() {
        thaw(0);
        container.stop();
        network.close();
    }
}
