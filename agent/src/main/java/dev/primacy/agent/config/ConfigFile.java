// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.primacy.agent.config.AgentConfig.Credentials;
import dev.primacy.agent.config.AgentConfig.Group;
import dev.primacy.agent.config.AgentConfig.Rest;
import dev.primacy.agent.config.AgentConfig.Store;
import dev.primacy.agent.config.AgentConfig.VerifyClient;
import dev.primacy.agent.tls.Tls;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsProvider;
import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.ClusterConfig;
import dev.primacy.ha.ClusterConfigReader;
import dev.primacy.ha.HaConfig;
import dev.primacy.ha.TimingLimits;
import dev.primacy.multisite.SiteConfig;
import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.PostgresInstallation;
import dev.primacy.postgres.PostgresSettings;
import dev.primacy.time.LeaseTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads {@code patroni.yml}. */
public final class ConfigFile {
    /** The Patroni release whose formats we write; other members read it out of the member record. */
    private static final String SPEAKS = "4.0.7";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final Address REST_DEFAULT = new Address("127.0.0.1", 8008);

    private final String file;
    private final List<String> problems = new ArrayList<>();
    private final Section root;

    private ConfigFile(String file, Map<String, Object> content) {
        this.file = file;
        this.root = new Section("", content, problems);
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    public static AgentConfig read(Path path) {
        return open(path).parse();
    }

    /**
     * Reads what a program needs that controls agents from outside.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    public static ControlConfig readControl(Path path) {
        return open(path).parseControl();
    }

    private static ConfigFile open(Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw new ConfigException("cannot read the configuration file " + path + ": " + e);
        }
        if (text.isBlank()) {
            throw new ConfigException(path + " is empty");
        }
        Map<String, Object> content;
        try {
            content = new YAMLMapper().readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new ConfigException(path + " is no valid YAML: "
                    + e.getOriginalMessage()
                            .lines()
                            .map(String::strip)
                            .reduce("", (all, line) -> (all + " " + line).strip()));
        }
        return new ConfigFile(path.toString(), content);
    }

    private ControlConfig parseControl() {
        String namespace = root.text("namespace", "service");
        Optional<Store> store = store(root, namespace, "primacyctl", Optional.of(ClusterConfig.DEFAULT.timing()));
        Section ctl = root.section("ctl");
        Section rest = root.section("restapi");
        Optional<Credentials> credentials = authentication(ctl).or(() -> authentication(rest));
        Tls tls = new Tls(
                ctl.text("cacert").or(() -> rest.text("cafile")).map(Path::of),
                ctl.text("certfile").map(Path::of),
                ctl.text("keyfile").map(Path::of));
        boolean insecure = ctl.flag("insecure");
        Optional<String> scope = root.text("scope");
        if (!problems.isEmpty()) {
            throw new ConfigException(file, problems);
        }
        return new ControlConfig(
                scope,
                namespace,
                store.orElseThrow().backend(),
                store.orElseThrow().section(),
                credentials,
                tls,
                insecure);
    }

    private AgentConfig parse() {
        String name = root.required("name");
        String scope = root.required("scope");
        Section dcs = root.section("bootstrap").section("dcs");
        Optional<ClusterConfig> told = cluster(dcs);
        Optional<FencingSettings> fencing = told.map(ClusterConfig::timing).map(new FencingConfig(root)::settings);
        Duration afterDeadline =
                fencing.map(of -> of.watchdog().afterDeadline()).orElse(Duration.ZERO);
        Optional<LeaseTiming> timing = withMargin(told.map(ClusterConfig::timing), "bootstrap.dcs", afterDeadline);
        Optional<ClusterConfig> cluster = timing.flatMap(of -> told.map(config -> config.with(of)));
        Rest rest = rest(root.section("restapi"));
        Address restConnect = root.section("restapi").address("connect_address").orElse(rest.listen());
        Optional<Store> store = store(root, root.text("namespace", "service") + "/" + scope, name, timing);
        Optional<PostgresSettings> postgres = postgres(name, scope);
        Optional<Group> group = root.has("multisite")
                ? group(root.section("multisite"), name, timing, afterDeadline)
                : Optional.empty();
        if (!problems.isEmpty()) {
            throw new ConfigException(file, problems);
        }
        HaConfig ha = new HaConfig(
                name,
                scope,
                group.map(of -> of.site().site()).orElse(scope),
                connectAddress(),
                (rest.isSecure() ? "https://" : "http://") + restConnect + "/patroni",
                SPEAKS,
                tags(),
                cluster.orElseThrow(),
                json(dcs.values()),
                new TimingLimits(
                        group.map(of -> of.site().timing().ttl()),
                        fencing.map(FencingSettings::watchdog)
                                .filter(watchdog -> !watchdog.equals(FencingSettings.Watchdog.NONE))
                                .map(FencingSettings.Watchdog::timeout)));
        return new AgentConfig(ha, postgres.orElseThrow(), fencing.orElseThrow(), store.orElseThrow(), group, rest);
    }

    /** By the very rules of the {@code config} key, which the leader fills with this. */
    private Optional<ClusterConfig> cluster(Section dcs) {
        ClusterConfigReader.Reading reading =
                ClusterConfigReader.read(json(dcs.values()), ClusterConfig.DEFAULT, TimingLimits.NONE);
        reading.problems().forEach(problem -> problems.add("bootstrap.dcs: " + problem));
        return Optional.of(reading.config()).filter(read -> reading.problems().isEmpty());
    }

    private static JsonObject json(Map<String, Object> values) {
        try {
            return JsonObject.parse(new ObjectMapper().writeValueAsString(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as YAML cannot be written as JSON", e);
        }
    }

    private Optional<LeaseTiming> timing(
            Section section, String where, Duration ttl, Duration loopWait, Duration retryTimeout) {
        Duration chosenTtl = section.seconds("ttl", ttl);
        Duration chosenWait = section.seconds("loop_wait", loopWait);
        Duration chosenRetry = section.seconds("retry_timeout", retryTimeout);
        List<String> wrong = LeaseTiming.problems(chosenTtl, chosenWait, chosenRetry);
        wrong.forEach(problem -> problems.add(where + ": " + problem));
        return wrong.isEmpty() ? Optional.of(LeaseTiming.of(chosenTtl, chosenWait, chosenRetry)) : Optional.empty();
    }

    /** Both rights end earlier than a watchdog resets the host. */
    private Optional<LeaseTiming> withMargin(Optional<LeaseTiming> timing, String where, Duration more) {
        try {
            return timing.map(of -> of.withMargin(more));
        } catch (IllegalArgumentException e) {
            problems.add(
                    where + ": " + e.getMessage() + "; the watchdog needs a longer ttl, or set watchdog.mode to off");
            return Optional.empty();
        }
    }

    private Optional<Store> store(Section section, String path, String session, Optional<LeaseTiming> timing) {
        List<String> known =
                DcsProvider.all().stream().map(DcsProvider::name).sorted().toList();
        List<String> named = known.stream().filter(section::has).toList();
        if (named.size() != 1) {
            section.problem(
                    named.isEmpty() ? String.join("|", known) : String.join(", ", named),
                    named.isEmpty() ? "is missing: name the store" : "are several stores: keep one");
            return Optional.empty();
        }
        return timing.map(of ->
                new Store(named.get(0), new DcsClient.Scope(path, session, of.ttl()), section.mapping(named.get(0))));
    }

    private Optional<Group> group(Section section, String member, Optional<LeaseTiming> local, Duration afterDeadline) {
        String site = section.required("name");
        Optional<LeaseTiming> timing = withMargin(
                timing(section, "multisite", Duration.ofSeconds(90), Duration.ofSeconds(10), Duration.ofSeconds(20)),
                "multisite",
                afterDeadline);
        if (local.isPresent()
                && timing.isPresent()
                && timing.get().ttl().compareTo(local.get().ttl()) < 0) {
            // Otherwise the loss of one member would move the right to write to another site.
            problems.add("multisite.ttl " + timing.get().ttl().toSeconds() + " s is below the cluster's own ttl "
                    + local.get().ttl().toSeconds() + " s: a failover inside the site would lose the site lease");
        }
        String path = section.text("namespace", "multisite") + "/" + section.required("scope");
        return store(section, path, member, timing)
                .map(store -> new Group(
                        new SiteConfig(
                                site,
                                timing.orElseThrow(),
                                section.number("maximum_lag_bytes", 1 << 20),
                                section.seconds("switchover_timeout", Duration.ofSeconds(10)),
                                Duration.ofSeconds(2)),
                        store));
    }

    private Tags tags() {
        Tags tags = new Tags(json(root.section("tags").values()));
        warnOfConflict(tags, "nofailover", "failover_priority");
        warnOfConflict(tags, "nosync", "sync_priority");
        return Tags.published(tags.source());
    }

    private static void warnOfConflict(Tags tags, String plain, String priority) {
        Optional<Long> number = tags.source().number(priority);
        if (tags.source().text(plain).isPresent()
                && number.isPresent()
                && tags.source().flag(plain) != (number.get() <= 0)) {
            String text = tags.source().flag(plain) ? "True" : "False";
            LOG.warn(
                    "Conflicting configuration between {}: {} and {}: {}. Defaulting to {}: {}",
                    plain,
                    text,
                    priority,
                    number.get(),
                    plain,
                    text);
        }
    }

    private Address connectAddress() {
        Section postgresql = root.section("postgresql");
        Section multisite = root.section("multisite");
        if (multisite.has("host")) {
            return new Address(multisite.required("host"), (int) multisite.number("port", 5432));
        }
        return postgresql.address("connect_address").orElseGet(() -> listenAddress(postgresql));
    }

    private static Address listenAddress(Section postgresql) {
        return postgresql.address("listen").orElse(new Address("127.0.0.1", 5432));
    }

    private Optional<PostgresSettings> postgres(String name, String scope) {
        Section section = root.section("postgresql");
        Address listen = listenAddress(section);
        String dataDir = section.required("data_dir");
        Section authentication = section.section("authentication");
        Map<String, String> parameters = new LinkedHashMap<>();
        root.section("bootstrap")
                .section("dcs")
                .section("postgresql")
                .mapping("parameters")
                .forEach((key, value) -> parameters.put(key, String.valueOf(value)));
        section.mapping("parameters").forEach((key, value) -> parameters.put(key, String.valueOf(value)));
        Optional<Path> binDir =
                PostgresInstallation.find(section.text("bin_dir").map(Path::of));
        if (binDir.isEmpty()) {
            section.problem(
                    "bin_dir",
                    "is not set and no PostgreSQL was found; install PostgreSQL " + PostgresInstallation.OLDEST
                            + " or newer or set it");
            return Optional.empty();
        }
        return Optional.of(new PostgresSettings(
                scope,
                name,
                binDir.get(),
                Path.of(dataDir).toAbsolutePath(),
                List.of(listen.host()),
                listen.port(),
                parameters,
                section.list("pg_hba"),
                root.section("bootstrap").list("initdb"),
                login(authentication.section("superuser"), "postgres"),
                login(authentication.section("replication"), "replicator"),
                section.text("os_user")));
    }

    private static PostgresSettings.Login login(Section section, String otherwise) {
        return new PostgresSettings.Login(section.text("username", otherwise), section.text("password"));
    }

    private static Rest rest(Section section) {
        VerifyClient verify = VerifyClient.NONE;
        try {
            verify = VerifyClient.valueOf(section.text("verify_client", "none").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            section.problem("verify_client", "is neither none nor optional nor required");
        }
        Tls tls = new Tls(
                section.text("cafile").map(Path::of),
                section.text("certfile").map(Path::of),
                section.text("keyfile").map(Path::of));
        try {
            var unused = tls.context();
        } catch (IllegalArgumentException e) {
            section.problem("certfile, keyfile or cafile", String.valueOf(e.getMessage()));
        }
        return new Rest(
                section.address("listen").orElse(REST_DEFAULT),
                authentication(section),
                section.list("allowlist"),
                section.flag("allowlist_include_members"),
                tls,
                verify);
    }

    private static Optional<Credentials> authentication(Section parent) {
        Section section = parent.section("authentication");
        return section.text("username").map(user -> new Credentials(user, section.text("password", "")));
    }
}
