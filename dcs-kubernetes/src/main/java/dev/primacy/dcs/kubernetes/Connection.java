// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import dev.primacy.time.Loop;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client, shared by all sessions that are opened on it. May be used by any thread. */
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int CONNECT_MILLIS = 2000;
    /** Where a pod finds who it is. */
    private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private final KubernetesClient client;
    private final Route route;
    private final Optional<TokenFile> token;
    private final Optional<Loop> refreshing;
    private int users = 1;

    /**
     * Connects when the first request is sent.
     *
     * @throws IllegalArgumentException if nothing says where the API server is
     */
    Connection(Options options, MonotonicClock clock, RandomGenerator random) {
        this(options, config(options, System.getenv(), ACCOUNT, clock), clock, random);
    }

    /** With a configuration that was found already. */
    Connection(Options options, Config found, MonotonicClock clock, RandomGenerator random) {
        Config config = new ConfigBuilder(found)
                // Each of these would repeat by itself what may have been done.
                .withRequestRetryBackoffLimit(0)
                .withConnectionTimeout(CONNECT_MILLIS)
                // A request that gets no answer takes its connection with it, and nothing else.
                .withHttp2Disable(true)
                .build();
        this.route = new Route(URI.create(config.getMasterUrl()), random);
        this.client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withHttpClientBuilderConsumer(http -> {
                    if (options.bypass()) {
                        http.addOrReplaceInterceptor("route", route);
                        ServiceTrust.of(config, route.service()).ifPresent(trust -> trust.applyTo(http));
                    }
                })
                .build();
        this.token = Optional.ofNullable(config.getOauthTokenProvider())
                .filter(TokenFile.class::isInstance)
                .map(TokenFile.class::cast);
        Api api = new Api(this, options.retriable());
        this.refreshing = options.bypass()
                ? Optional.of(new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                        .start("kubernetes-route", () -> route.refresh(api, clock)))
                : Optional.empty();
    }

    /** In a pod its service account; elsewhere a kubeconfig, and of several contexts the one that it calls current. */
    static Config config(Options options, Map<String, String> environment, Path account, MonotonicClock clock) {
        String host = environment.get("KUBERNETES_SERVICE_HOST");
        if (options.kubeconfig().isEmpty()
                && options.context().isEmpty()
                && host != null
                && Files.isReadable(account.resolve("token"))) {
            String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
            String bracketed = host.contains(":") ? "[" + host + "]" : host;
            return new ConfigBuilder(Config.empty())
                    .withMasterUrl("https://" + bracketed + ":" + port)
                    .withCaCertFile(
                            options.cacert().orElse(account.resolve("ca.crt").toString()))
                    .withOauthTokenProvider(new TokenFile(account.resolve("token"), clock))
                    .build();
        }
        Path file = Path.of(options.kubeconfig()
                .or(() -> Optional.ofNullable(environment.get("KUBECONFIG")))
                .orElseGet(() -> environment.getOrDefault("HOME", "") + "/.kube/config"));
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("kubernetes: this is no pod with a service account, and " + file
                    + " cannot be read; set kubeconfig or the variable KUBECONFIG");
        }
        Config config = Config.fromKubeconfig(options.context().orElse(null), file.toFile());
        boolean known = config.getCurrentContext() != null
                && options.context()
                        .map(config.getCurrentContext().getName()::equals)
                        .orElse(true);
        if (!known) {
            throw new IllegalArgumentException("kubernetes: " + file + " has no context '"
                    + options.context().orElse("(current)") + "'; set context to one of "
                    + config.getContexts().stream().map(each -> each.getName()).toList());
        }
        return options.cacert()
                .map(cacert -> new ConfigBuilder(config)
                        .withCaCertData(null)
                        .withCaCertFile(cacert)
                        .build())
                .orElse(config);
    }

    KubernetesClient client() {
        return client;
    }

    /** Which server requests go to. */
    Route route() {
        return route;
    }

    /** The server does not know who asks. */
    void refused() {
        token.ifPresent(TokenFile::forget);
    }

    synchronized void retain() {
        users++;
    }

    /** Closes the client with its last user. */
    void release() {
        boolean last;
        synchronized (this) {
            last = --users == 0;
        }
        if (last) {
            refreshing.ifPresent(Loop::close);
            client.close();
        }
    }

    /** A token that is replaced in its file before its time is over. */
    static final class TokenFile implements OAuthTokenProvider {
        private static final Duration FRESH = Duration.ofMinutes(1);

        private final Path file;
        private final MonotonicClock clock;
        private @Nullable String token;
        private MonotonicInstant read;
        private boolean fresh;

        TokenFile(Path file, MonotonicClock clock) {
            this.file = file;
            this.clock = clock;
            this.read = clock.now();
        }

        /** It is not good any more, so the next one is read at once. */
        synchronized void forget() {
            fresh = false;
        }

        @Override
        public synchronized String getToken() {
            MonotonicInstant now = clock.now();
            String known = token;
            if (known != null && fresh && read.until(now).compareTo(FRESH) < 0) {
                return known;
            }
            try {
                token = Files.readString(file).strip();
                read = now;
                fresh = true;
                return token;
            } catch (IOException e) {
                if (known != null) {
                    return known;
                }
                throw new UncheckedIOException("reading the service account's token", e);
            }
        }
    }
}
