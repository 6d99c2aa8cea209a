// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where a node is.
 *
 * @param name unique in the group
 * @param site it belongs to
 * @param restPort of its agent
 * @param pgPort of its PostgreSQL
 * @param home folder of its own
 */
public record NodeSpec(String name, String site, int restPort, int pgPort, Path home) {
    static final String SUPERUSER = "postgres";
    static final String PASSWORD = "lab";

    public Path dataDir() {
        return home.resolve("data");
    }

    /** Its agent's configuration. */
    public String config(GroupSettings settings, String zooKeeper) {
        Map<String, Object> values = Map.ofEntries(
                Map.entry("name", name),
                Map.entry("site", site),
                Map.entry("rest_port", restPort),
                Map.entry("pg_port", pgPort),
                Map.entry("data_dir", dataDir()),
                Map.entry("zookeeper", quoted(zooKeeper)),
                Map.entry("site_ttl", settings.siteTtl().toSeconds()),
                Map.entry("site_retry", GroupSettings.retryTimeoutSeconds(settings.siteTtl())),
                Map.entry("local_ttl", settings.localTtl().toSeconds()),
                Map.entry("local_retry", GroupSettings.retryTimeoutSeconds(settings.localTtl())),
                Map.entry("loss_bound", settings.lossBound()),
                Map.entry("superuser", SUPERUSER),
                Map.entry("password", PASSWORD));
        return filled("agent.yml", values);
    }

    /**
     * The configuration of a member of a {@link Cluster}, in words that Patroni understands too.
     *
     * @param more {@code etcd} as a list of addresses with commas, {@code bin_dir} of PostgreSQL, {@code ttl}, {@code
     *     loop_wait}, {@code retry_timeout} and {@code loss_bound}
     */
    public String member(Map<String, ?> more) {
        Map<String, Object> values = new HashMap<>(more);
        values.putAll(Map.of(
                "scope", site,
                "name", name,
                "rest_port", restPort,
                "pg_port", pgPort,
                "data_dir", dataDir(),
                "home", home,
                "superuser", SUPERUSER,
                "password", PASSWORD));
        return filled("member.yml", values);
    }

    /** A template with each {@code ${key}} replaced by its value. */
    private static String filled(String template, Map<String, ?> values) {
        String text = text(template);
        for (Map.Entry<String, ?> value : values.entrySet()) {
            text = text.replace("${" + value.getKey() + "}", value.getValue().toString());
        }
        return text;
    }

    private static String quoted(String hosts) {
        return "'" + hosts.replace(",", "', '") + "'";
    }

    private static String text(String template) {
        try (InputStream in = Objects.requireNonNull(NodeSpec.class.getResourceAsStream(template), template)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the template of the configuration", e);
        }
    }
}
