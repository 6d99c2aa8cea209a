// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.bench.failover.Costs.Idle;
import dev.primacy.bench.failover.Costs.Start;
import dev.primacy.dcs.testkit.server.ServerPrograms;
import dev.primacy.lab.LabException;
import dev.primacy.lab.Node;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.time.Allowed;
import dev.primacy.time.Loops;
import dev.primacy.time.ThreadLoops;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program behind {@code bin/failover-bench}. */
@Allowed("a program's main")
@Command(
        name = "bin/failover-bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Three etcd servers and three members with PostgreSQL, under load, and what a writer notices when parts of "
                    + "them fail; beside Patroni, in turn, where that is installed. Exit status 0 unless our agent let two "
                    + "nodes accept writes at once, or lost rows that a planned switchover must not lose, or more than "
                    + "maximum_lag_on_failover otherwise. How long anything took is printed and never judged.",
            "Scenarios: a planned switchover; b kill -9 of the postmaster; c of agent and postmaster; c2 of all of the "
                    + "node; k of the agent alone; d freeze of the node, d2 of agent and postmaster, d3 of the agent; "
                    + "e kill -9 of etcd's leader; f primary cut from etcd; g kill -9 of all etcd servers; h idle; i start."
        })
final class Main implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String IDLE = "h";
    private static final String START = "i";
    private static final Duration ORDERLY_END = Duration.ofSeconds(60);

    @Option(
            names = "--scenarios",
            split = ",",
            paramLabel = "KEY",
            description = "some of a,b,c,c2,k,d,d2,d3,e,f,g,h,i; all of them if not given")
    private List<String> scenarios = List.of("a", "b", "c", "c2", "k", "d", "d2", "d3", "e", "f", "g", IDLE, START);

    @Option(names = "--runs", description = "how often each (${DEFAULT-VALUE})")
    private int runs = 5;

    @Option(
            names = "--profile",
            description = "ttl/loop_wait/retry_timeout: usual 30/10/10, fast 20/1/3, or short 5/1/2, which is ours "
                    + "alone since Patroni takes no ttl below 20 (${DEFAULT-VALUE})")
    private Profile profile = Profile.FAST;

    @Option(
            names = "--patroni",
            paramLabel = "PROGRAM",
            description = "Patroni's program, if it is not on the PATH; 'none': ours alone")
    private Optional<String> patroni = Optional.empty();

    @Option(names = "--rest", description = "minutes that clusters rest before h watches (${DEFAULT-VALUE})")
    private int rest = 10;

    @Option(names = "--window", description = "seconds that h watches (${DEFAULT-VALUE})")
    private int window = 60;

    @Option(names = "--seed", description = "of the times and choices")
    private long seed = ProcessHandle.current().pid();

    @Option(names = "--out", description = "folder for the agents' logs (${DEFAULT-VALUE})")
    private Path out = Path.of("failover-bench-out");

    private final Figures figures = new Figures();
    private final List<String> problems = new ArrayList<>();
    private final Loops loops = new ThreadLoops((name, problem) -> LOG.warn("{} failed", name, problem));

    public static void main(String[] arguments) {
        CommandLine program = new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true);
        program.setExecutionExceptionHandler((problem, line, parsed) -> {
            LOG.debug("failed", problem);
            System.err.println("failover-bench: " + problem.getMessage());
            return 1;
        });
        System.exit(program.execute(arguments));
    }

    @Override
    public Integer call() {
        List<Scenario> faults = faults();
        List<Candidate> candidates = candidates();
        prepare(candidates.get(0));
        if (wants(START)) {
            for (int run = 1; run <= runs; run++) {
                for (Candidate candidate : candidates) {
                    start(candidate, run);
                }
            }
        }
        if (!faults.isEmpty() || wants(IDLE)) {
            List<Rig> rigs = new ArrayList<>();
            try {
                for (Candidate candidate : candidates) {
                    Rig rig = new Rig(candidate, profile, logs());
                    rigs.add(rig);
                    rig.cluster.start();
                    say("%s runs: %s", candidate.name(), rig.cluster.nodes());
                }
                play(faults, rigs);
            } finally {
                rigs.forEach(Rig::close);
            }
        }
        System.out.println(figures.table());
        problems.forEach(problem -> System.out.println("FAILED: " + problem));
        return problems.isEmpty() ? 0 : 1;
    }

    /** An agent that has ended in good order leaves behind what makes the next one start faster, as on any real node. */
    private void prepare(Candidate ours) {
        try (Rig rig = new Rig(ours, profile, logs().resolve("prepare"))) {
            rig.cluster.start();
            for (Node node : rig.cluster.nodes()) {
                node.terminate();
                rig.await.until(
                        node + " ends",
                        ORDERLY_END,
                        () -> node.exit(Duration.ZERO).isPresent());
            }
        }
    }

    private boolean wants(String key) {
        return scenarios.contains(key);
    }

    private List<Scenario> faults() {
        TreeSet<String> unknown = new TreeSet<>(scenarios);
        unknown.removeAll(List.of(IDLE, START));
        List<Scenario> known = Scenario.ALL.stream()
                .filter(scenario -> unknown.remove(scenario.key()))
                .toList();
        if (!unknown.isEmpty()) {
            throw new LabException("no such scenarios: " + unknown + "; see --help");
        }
        return known;
    }

    private List<Candidate> candidates() {
        Path root = Path.of(System.getProperty("project.root", "."));
        List<Candidate> all = new ArrayList<>();
        all.add(new Candidate(Candidate.OURS, List.of(root.resolve("bin/agent").toString()), Optional.empty()));
        Optional<String> peer = patroni.filter(program -> !program.equals("none"))
                .or(() -> ServerPrograms.find("patroni")
                        .filter(path -> patroni.isEmpty())
                        .map(Path::toString));
        if (peer.isEmpty()) {
            say("without Patroni: it is not on the PATH, or not wanted; --patroni PROGRAM names it");
        } else if (!profile.isForPatroni()) {
            say("without Patroni, which takes no ttl of %d s", profile.ttl);
        } else {
            all.add(peer(peer.get()));
        }
        return all;
    }

    /** Patroni refuses to make a database as root. */
    private static Candidate peer(String program) {
        if (!System.getProperty("user.name").equals("root")) {
            return new Candidate(Candidate.PEER, List.of(program), Optional.empty());
        }
        return new Candidate(
                Candidate.PEER,
                List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", program),
                Optional.of("postgres"));
    }

    private Path logs() {
        return out.toAbsolutePath().normalize();
    }

    private void start(Candidate candidate, int run) {
        try (Rig rig = new Rig(candidate, profile, logs().resolve("start-" + run))) {
            Start start = Costs.start(rig);
            say("i %d/%d %s: %s", run, runs, candidate.name(), start);
            figures.add("i start to first REST answer, ms", candidate, start.answer());
            figures.add("i start to writable cluster of one, ms", candidate, start.writable());
            figures.add("i start to streaming replica, ms", candidate, start.streaming());
        }
    }

    private void play(List<Scenario> faults, List<Rig> rigs) {
        for (int run = 1; run <= runs; run++) {
            for (Scenario scenario : faults) {
                // The same times and choices for all.
                long choices = seed + 1000L * run + scenario.key().hashCode();
                for (Rig rig : rigs) {
                    play(scenario, rig, new Random(choices), run);
                }
            }
        }
        if (wants(IDLE)) {
            rest(rigs);
            for (int run = 1; run <= runs; run++) {
                for (Rig rig : rigs) {
                    idle(rig, run);
                }
            }
        }
    }

    /** An agent runs for months, and its first minutes, in which code is compiled, say little of what it costs then. */
    private void rest(List<Rig> rigs) {
        rigs.forEach(rig -> rig.cluster.awaitSettled(Costs.LIMIT));
        for (int minute = 0; minute < rest; minute++) {
            say("h: %d of %d minutes of rest", minute, rest);
            rigs.get(0).await.pause(Duration.ofMinutes(1));
        }
    }

    private void play(Scenario scenario, Rig rig, Random random, int run) {
        String who = rig.candidate.name();
        Verdict verdict;
        Duration figure;
        try {
            Sample.Result result = Sample.take(rig, scenario, random, loops);
            verdict = result.verdict();
            figure = result.figure();
        } catch (LabException e) {
            say("%s %d/%d %s: %s", scenario.key(), run, runs, who, e);
            figures.remark(row(scenario), who + " run " + run + ": " + e);
            if (rig.candidate.isOurs()) {
                problems.add(scenario.key() + ", run " + run + ": " + e);
            }
            return;
        }
        double overlap = Verdict.millis(verdict.twoWritable());
        say(
                "%s %d/%d %s: %s %d ms, two writable %.0f ms, %d of %d rows lost",
                scenario.key(),
                run,
                runs,
                who,
                scenario.figure.title,
                figure.toMillis(),
                overlap,
                verdict.lost(),
                verdict.acknowledged());
        figures.add(row(scenario), rig.candidate, figure.toNanos() / 1e6);
        if (overlap > 0 || verdict.lost() > 0) {
            figures.remark(
                    row(scenario),
                    String.format(Locale.ROOT, "%s: two writable %.0f ms, %d rows lost", who, overlap, verdict.lost()));
        }
        if (rig.candidate.isOurs()) {
            verdict.problems().forEach(problem -> problems.add("run " + run + ": " + problem));
        }
    }

    private static String row(Scenario scenario) {
        return scenario.key() + " " + scenario.title + ": " + scenario.figure.title + ", ms";
    }

    private void idle(Rig rig, int run) {
        Idle idle = Costs.idle(rig, Duration.ofSeconds(window));
        say("h %d/%d %s: %s", run, runs, rig.candidate.name(), idle);
        figures.add("h processor time of the leader's agent, s a minute", rig.candidate, idle.leaderCpu());
        figures.add("h processor time of a replica's agent, s a minute", rig.candidate, idle.replicaCpu());
        figures.add("h resident memory of agent and guard, MB", rig.candidate, idle.memory());
        figures.add("h requests to etcd a round", rig.candidate, idle.requests());
    }

    private static void say(String format, Object... values) {
        System.err.println(String.format(Locale.ROOT, format, values));
    }
}
