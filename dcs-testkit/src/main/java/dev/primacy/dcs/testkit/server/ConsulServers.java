// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Consul servers that take sessions as short as a second, and that stay members for good. By default the others drop one
 * that was lost for some 12 s, and let it vote only 10 s after it is back: until then the loss of another one is the loss
 * of the store, which no test here means by it.
 */
public final class ConsulServers extends LocalServers {
    private static final int CLIENTS = 8500;
    private static final int RAFT = 8300;
    static final String SETTINGS = "session_ttl_min=\"500ms\" performance={raft_multiplier=1} "
            + "autopilot={cleanup_dead_servers=false} leave_on_terminate=false limits={http_max_conns_per_client=1000} "
            + "telemetry={prometheus_retention_time=\"1h\" disable_hostname=true}";

    private final List<String> hosts;
    private final boolean restricted;

    private ConsulServers(int count, List<String> options) {
        super("consul");
        restricted = options.stream().anyMatch(option -> option.contains("acl"));
        hosts = IntStream.range(0, count).mapToObj(i -> nextHost()).toList();
    }

    /** Starts this many, as one cluster; the test is skipped where there is no Consul. */
    public static ConsulServers start(int count) {
        return start(count, List.of());
    }

    /**
     * Starts this many with more options. Plain HTTP is always served, also where an option adds HTTPS.
     *
     * @param options of {@code consul agent}, as on its command line
     */
    public static ConsulServers start(int count, List<String> options) {
        Path program = ServerPrograms.require("consul");
        ConsulServers servers = new ConsulServers(count, options);
        servers.run(IntStream.range(0, count)
                .mapToObj(i -> servers.process(i, program, options))
                .toList());
        return servers;
    }

    private ServerProcess process(int index, Path program, List<String> options) {
        String name = "consul-" + index;
        String host = hosts.get(index);
        Stream<String> own = Stream.of(
                program.toString(),
                "agent",
                "-server",
                "-node=" + name,
                "-bootstrap-expect=" + hosts.size(),
                "-data-dir=" + home().resolve(name),
                "-bind=" + host,
                "-client=" + host,
                "-log-level=warn",
                "-hcl=" + SETTINGS);
        List<String> command = new ArrayList<>(own.toList());
        hosts.stream().filter(other -> !other.equals(host)).forEach(other -> command.add("-retry-join=" + other));
        command.addAll(options);
        return new ServerProcess(command, Map.of(), home().resolve(name + ".log"));
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return hosts.stream().map(host -> new InetSocketAddress(host, CLIENTS)).toList();
    }

    /** Prometheus counters of one server, as text. */
    public String metrics(int index) {
        return Http.get(url(index) + "/v1/agent/metrics?format=prometheus").orElse("");
    }

    @Override
    protected boolean serves(int index) {
        // With access control only a token may look into the catalog.
        return status(index).contains(":" + RAFT) && (restricted || isRegistered(url(index), "consul-" + index));
    }

    /** Whether it takes part in the catalog, without which there are no sessions. */
    static boolean isRegistered(String url, String node) {
        return Http.get(url + "/v1/catalog/node/" + node + "?consistent=true")
                .filter(body -> body.contains(node))
                .isPresent();
    }

    @Override
    protected boolean leads(int index) {
        return status(index).equals("\"" + hosts.get(index) + ":" + RAFT + "\"");
    }

    private String status(int index) {
        return Http.get(url(index) + "/v1/status/leader").orElse("");
    }

    private String url(int index) {
        return "http://" + hosts.get(index) + ":" + CLIENTS;
    }
}
