// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Kubernetes API servers on one etcd, without nodes: objects are stored, checked and watched, and nothing runs. Whoever
 * asks shows a token, and may do what roles (RBAC) allow. One more server than there are addresses can be disturbed: {@link
 * #etcd}.
 */
public final class KubernetesServers extends LocalServers {
    /** May do everything. */
    public static final String ADMIN = "admin";

    private static final int PORT = 6443;
    private static final int OK = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<String> hosts;
    private final String etcdHost = nextHost();
    private final Path authority;
    private final HttpClient http;
    private boolean etcdToo;

    private KubernetesServers(int count, List<String> users, List<String> options) {
        super("kubernetes");
        hosts = IntStream.range(0, count).mapToObj(i -> nextHost()).toList();
        Certificates certificates = new Certificates(home());
        authority = certificates.authority();
        http = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trusting(authority))
                .build();
        // Networks that are disturbed lie behind an address of their own.
        List<String> names = new ArrayList<>(List.of("127.0.0.1", "localhost"));
        names.addAll(hosts);
        Certificates.Pair serving = certificates.issue("kube-apiserver", names);
        Certificates.Pair accounts = certificates.issue("service-accounts", List.of());
        Path tokens = write("tokens.csv", tokens(users));
        Path program = ServerPrograms.require("kube-apiserver");
        List<ServerProcess> processes = new ArrayList<>();
        hosts.forEach(host -> processes.add(apiServer(program, host, serving, accounts, tokens, options)));
        processes.add(etcd(ServerPrograms.require("etcd")));
        run(processes);
    }

    /** Starts this many; the test is skipped where there is no kube-apiserver or no etcd. */
    public static KubernetesServers start(int count, String... users) {
        return start(count, List.of(users), List.of());
    }

    /**
     * Starts this many with more options.
     *
     * @param users who exist beside {@link #ADMIN}, without any rights
     * @param options of kube-apiserver, as on its command line
     */
    public static KubernetesServers start(int count, List<String> users, List<String> options) {
        ServerPrograms.require("kube-apiserver");
        ServerPrograms.require("etcd");
        return new KubernetesServers(count, users, options);
    }

    private ServerProcess apiServer(
            Path program,
            String host,
            Certificates.Pair serving,
            Certificates.Pair accounts,
            Path tokens,
            List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--etcd-servers=http://" + etcdHost + ":2379",
                "--bind-address=" + host,
                "--secure-port=" + PORT,
                "--tls-cert-file=" + serving.certificate(),
                "--tls-private-key-file=" + serving.key(),
                "--cert-dir=" + home(),
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + accounts.certificate(),
                "--service-account-signing-key-file=" + accounts.key(),
                "--service-cluster-ip-range=10.0.0.0/16",
                // Nobody makes the account that pods run under without being told otherwise.
                "--disable-admission-plugins=ServiceAccount",
                "--endpoint-reconciler-type=none"));
        command.addAll(options);
        return new ServerProcess(command, Map.of(), home().resolve("kube-apiserver-" + host + ".log"));
    }

    private ServerProcess etcd(Path program) {
        String clients = "http://" + etcdHost + ":2379";
        String peers = "http://" + etcdHost + ":2380";
        return new ServerProcess(
                List.of(
                        program.toString(),
                        "--name=etcd",
                        "--data-dir=" + home().resolve("etcd"),
                        "--listen-client-urls=" + clients,
                        "--advertise-client-urls=" + clients,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=etcd=" + peers,
                        "--unsafe-no-fsync=true",
                        "--log-level=warn"),
                Map.of(),
                home().resolve("etcd.log"));
    }

    private static String tokens(List<String> users) {
        StringBuilder lines = new StringBuilder(token(ADMIN) + ",admin,admin,\"system:masters\"\n");
        users.forEach(user -> lines.append(token(user) + "," + user + "," + user + "\n"));
        return lines.toString();
    }

    /** What a user shows to the servers. */
    public static String token(String user) {
        return "token-of-" + user;
    }

    /** The certificate that the servers' own are signed with, as PEM. */
    public Path authority() {
        return authority;
    }

    /** The number of the etcd behind the API servers, for {@link #kill}, {@link #freeze}, {@link #thaw} and {@link #restart}. */
    public int etcd() {
        return hosts.size();
    }

    /**
     * From now on {@link #count} counts {@link #etcd} as well, so that whoever disturbs any of the servers disturbs it too.
     *
     * @return this
     */
    public KubernetesServers withEtcd() {
        etcdToo = true;
        return this;
    }

    @Override
    public int count() {
        return hosts.size() + (etcdToo ? 1 : 0);
    }

    @Override
    public List<InetSocketAddress> addresses() {
        return hosts.stream().map(host -> new InetSocketAddress(host, PORT)).toList();
    }

    /**
     * Asks a server that runs, as {@code kubectl --raw} does.
     *
     * @param path with the query, for example {@code /api/v1/namespaces}
     * @param body JSON; empty for none. With {@code PATCH} a JSON merge patch
     */
    public HttpResponse<String> ask(String user, String method, String path, String body) {
        return ask(leader(), user, method, path, body);
    }

    /** As {@link #ask(String, String, String, String)}, of one server. */
    public HttpResponse<String> ask(int index, String user, String method, String path, String body) {
        return askWith(token(user), index, method, path, body);
    }

    /** As {@link #ask(int, String, String, String, String)}, with any token. */
    public HttpResponse<String> askWith(String token, int index, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(index) + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /**
     * Names API servers in the object {@code kubernetes}. Elsewhere they do that themselves; but no API server takes addresses on
     * loopback from anybody, so this writes past them into etcd.
     */
    public void announce(List<InetSocketAddress> servers) {
        String subsets = servers.stream()
                .map(server -> "{'addresses':[{'ip':'" + server.getHostString() + "'}],'ports':[{'name':'https','port':"
                        + server.getPort() + ",'protocol':'TCP'}]}")
                .collect(Collectors.joining(","));
        String object = "{'kind':'Endpoints','apiVersion':'v1','metadata':{'name':'kubernetes','namespace':'default',"
                + "'creationTimestamp':'2026-01-01T00:00:00Z'},'subsets':[" + subsets + "]}";
        String put = "{'key':'" + base64("/registry/services/endpoints/default/kubernetes") + "','value':'"
                + base64(object.replace('\'', '"')) + "'}";
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create("http://" + etcdHost + ":2379/v3/kv/put"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(put.replace('\'', '"')))
                .build());
        if (answer.statusCode() != OK) {
            throw new IllegalStateException("etcd answered: " + answer.body());
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks as the administrator for what must succeed; gives the answer's body. */
    public String admin(String method, String path, String body) {
        HttpResponse<String> answer = ask(ADMIN, method, path, body);
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    protected boolean serves(int index) {
        String health = index == etcd() ? "http://" + etcdHost + ":2379/health" : url(index) + "/readyz";
        HttpRequest request = HttpRequest.newBuilder(URI.create(health))
                .timeout(Duration.ofSeconds(1))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
        } catch (IOException e) {
            // It starts, is frozen or has ended.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String url(int index) {
        return "https://" + hosts.get(index) + ":" + PORT;
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(home().resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name, e);
        }
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + authority, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("trusting " + authority, e);
        }
    }
}
