// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent;

import dev.primacy.agent.config.AgentConfig;
import dev.primacy.agent.config.ConfigException;
import dev.primacy.agent.config.ConfigFile;
import dev.primacy.dcs.DcsException;
import dev.primacy.postgres.PostgresException;
import dev.primacy.time.Allowed;
import dev.primacy.time.BootClock;
import dev.primacy.time.ThreadLoops;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final String USAGE = """
            Usage: agent [--validate-config] CONFIG

            Runs one member of a PostgreSQL cluster. CONFIG is a YAML file with Patroni's settings.

              --validate-config  say what is wrong with CONFIG and end
              --help             show this
            """;

    private Main() {}

    /** Runs until it is told to stop. Exit status: 0 stopped, 1 cannot run, 2 wrong usage. */
    @Allowed("a program's main decides its exit status, and prints its usage")
    public static void main(String[] arguments) throws InterruptedException {
        boolean validate = arguments.length > 0 && arguments[0].equals("--validate-config");
        int expected = validate ? 2 : 1;
        if (arguments.length == 1 && (arguments[0].equals("--help") || arguments[0].equals("-h"))) {
            System.out.print(USAGE);
            return;
        }
        if (arguments.length != expected || arguments[arguments.length - 1].startsWith("-")) {
            System.err.print(USAGE);
            System.exit(2);
        }
        try {
            Path file = Path.of(arguments[expected - 1]);
            if (validate) {
                ConfigFile.read(file);
            } else {
                run(() -> ConfigFile.read(file));
            }
        } catch (ConfigException | PostgresException e) {
            LOG.error("{}", e.getMessage());
            System.exit(1);
        }
    }

    @Allowed("a program's main decides its exit status")
    private static void run(Supplier<AgentConfig> config) throws InterruptedException {
        AtomicBoolean refused = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        ThreadLoops loops = new ThreadLoops(Main::report);
        Agent agent = new Agent(config, BootClock.system(), InstantSource.system(), loops, reason -> {
            if (refused.compareAndSet(false, true)) {
                LOG.error("{}", reason);
                end.countDown();
            }
        });
        Thread onSignal = new Thread(agent::close, "stop");
        Runtime.getRuntime().addShutdownHook(onSignal);
        end.await();
        // Whatever runs there is not ours to stop: leave it as it was found.
        Runtime.getRuntime().removeShutdownHook(onSignal);
        System.exit(1);
    }

    /** What the store or PostgreSQL did is told in a line; anything else is a fault of ours, and needs its trace. */
    private static void report(String loop, Throwable problem) {
        if (problem instanceof DcsException || problem instanceof PostgresException) {
            LOG.warn("{}: {}", loop, problem.getMessage());
        } else {
            LOG.error("Round of {} failed, please report this", loop, problem);
        }
    }
}
