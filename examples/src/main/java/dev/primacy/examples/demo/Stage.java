// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.dcs.zookeeper.EmbeddedZooKeeper;
import dev.primacy.lab.Await;
import dev.primacy.lab.Group;
import dev.primacy.lab.GroupSettings;
import dev.primacy.lab.Node;
import dev.primacy.lab.Sampler;
import dev.primacy.lab.Writer;
import dev.primacy.lab.report.Run;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.BootClock;
import dev.primacy.time.Loops;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import dev.primacy.time.ThreadLoops;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group with its ZooKeeper ensemble, the writer and the one who watches. */
final class Stage implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Stage.class);
    private static final Duration FIRST_ROW = Duration.ofSeconds(60);

    private final MonotonicClock clock = BootClock.system();
    private final Await await = new Await(clock);
    private final Loops loops = new ThreadLoops((name, problem) -> LOG.warn("{} failed", name, problem));
    private final EmbeddedZooKeeper zooKeeper;
    private final Group group;
    private final Writer writer;
    private final Sampler sampler;
    private final MonotonicInstant opened;
    private boolean closed;
    private volatile boolean interrupted;

    Stage(GroupSettings settings) {
        this.opened = clock.now();
        this.zooKeeper = EmbeddedZooKeeper.start(3);
        this.group = Group.create(settings, zooKeeper.connectString(), clock);
        this.sampler = new Sampler(group.nodes(), loops, clock);
        this.writer = new Writer(group.nodes(), loops, clock);
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "close the stage"));
    }

    /** Starts everything; returns when rows are acknowledged and all nodes follow. */
    void open(Console console) {
        console.step("ZooKeeper ensemble of three: %s", zooKeeper.connectString());
        console.step("four agents: %s", addresses());
        group.start();
        await.until("the first row", FIRST_ROW, () -> writer.acks().latest().isPresent());
        console.step("%s is primary and acknowledges rows, the others follow", group.requirePrimary());
        await.pause(Scenes.CALM);
    }

    private String addresses() {
        return group.nodes().stream()
                .map(node -> Console.text(
                        "%s (REST %d, PostgreSQL %d)",
                        node, node.spec().restPort(), node.spec().pgPort()))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }

    MonotonicInstant now() {
        return clock.now();
    }

    Await await() {
        return await;
    }

    Group group() {
        return group;
    }

    Writer writer() {
        return writer;
    }

    /** Ends writing and says what it has shown. */
    Run judge(List<Incident> incidents, Map<String, String> facts) {
        writer.close();
        sampler.close();
        MonotonicInstant end = clock.now();
        Node primary = group.requirePrimary();
        Verdict verdict = Verdict.of(
                incidents,
                writer.acks().all(),
                Writer.rowsOf(primary),
                group.settings().lossBound());
        Map<String, List<String>> sites = new LinkedHashMap<>();
        Group.SITES.forEach(site ->
                sites.put(site, group.site(site).stream().map(Node::name).toList()));
        return new Run(facts, sites, new Interval(opened, end), writer.acks().all(), sampler.all(), verdict);
    }

    /** Ends everything; done once, also when the program is interrupted. Who comes second waits for the end. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // In the reverse order, each whatever becomes of the others. The nodes go first: their clients then need not
        // wait.
        try (zooKeeper;
                sampler;
                writer;
                group) {
            LOG.info("closing");
        }
    }

    private void interrupt() {
        interrupted = true;
        close();
    }

    /** Whether the program is being ended from outside: what fails now fails because of that. */
    boolean isInterrupted() {
        return interrupted;
    }
}
