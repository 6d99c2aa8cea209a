// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.lab.GroupSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** What both commands can be told. */
final class Options {
    @Option(names = "--site-ttl")
    private int siteTtl = 20;

    @Option(names = "--local-ttl")
    private int localTtl = 10;

    @Option(names = "--out")
    private Path out = Path.of("demo-out");

    @Option(names = "--keep")
    private boolean keep;

    Path out() {
        return out.toAbsolutePath().normalize();
    }

    GroupSettings settings() {
        return GroupSettings.of(Path.of(System.getProperty("project.root", ".")), out().resolve("logs"))
                .withTtls(Duration.ofSeconds(siteTtl), Duration.ofSeconds(localTtl))
                .withKeep(keep);
    }

    /** For the foot of the report. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "When",
                InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put(
                "Where",
                Console.text(
                        "%d processors, %s %s, Java %s",
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("java.version")));
        facts.put(
                "Settings",
                Console.text(
                        "ttl of the site lease %d s, of each site's leader lock %d s; asynchronous replication, "
                                + "maximum_lag_on_failover %,d bytes",
                        siteTtl, localTtl, settings().lossBound()));
        facts.put(
                "Writes",
                "one session for each node tries to insert the next row all the time; an outage is the longest time "
                        + "without any acknowledged row, rows are lost that were acknowledged and are not in the final "
                        + "primary's table, and two nodes are writable while both acknowledge rows");
        facts.put("Roles, leases", "as each agent says, asked about every 150 ms");
        return facts;
    }
}
