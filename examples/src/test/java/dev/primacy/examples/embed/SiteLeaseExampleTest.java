// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.embed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.zookeeper.EmbeddedZooKeeper;
import dev.primacy.examples.embed.SiteLeaseExample.Billing;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SiteLeaseExampleTest {
    private final MonotonicClock clock = BootClock.system();

    /** The first site ends; the second works after it, and never at the same time. */
    @Test
    void oneSiteWorksAtATime() throws Exception {
        try (EmbeddedZooKeeper zooKeeper = EmbeddedZooKeeper.start(1)) {
            Recorded fra = new Recorded();
            Recorded ams = new Recorded();
            Thread first = fra.start("fra", zooKeeper.connectString());
            assertThat(fra.worked.await(30, TimeUnit.SECONDS)).isTrue();
            Thread second = ams.start("ams", zooKeeper.connectString());
            fra.open = false;
            first.join();
            assertThat(ams.worked.await(30, TimeUnit.SECONDS)).isTrue();
            ams.open = false;
            second.join();

            assertThat(last(fra.spans).end).isLessThan(ams.spans.element().begin);
            assertThat(fra.problems).isEmpty();
            assertThat(ams.problems).isEmpty();
        }
    }

    /** What people copy out of the README is what was just run. */
    @Test
    void theReadmeShowsThisVeryMethod() throws Exception {
        Path root = Path.of(System.getProperty("project.root"));
        String source = Files.readString(
                root.resolve("examples/src/main/java/dev/primacy/examples/embed/SiteLeaseExample.java"));
        String method = source.substring(
                source.indexOf("    static void billInOneSiteOnly"),
                source.indexOf("    /** What the service does. */"));
        assertThat(Files.readString(root.resolve("README.md")))
                .contains(method.stripTrailing().stripIndent());
    }

    private static Span last(Queue<Span> spans) {
        return new ArrayList<>(spans).get(spans.size() - 1);
    }

    private record Span(MonotonicInstant begin, MonotonicInstant end) {}

    private final class Recorded implements Billing {
        private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
        private final List<String> problems = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final CountDownLatch worked = new CountDownLatch(3);
        private volatile boolean open = true;

        Thread start(String site, String zooKeeper) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            SiteLeaseExample.billInOneSiteOnly(site, zooKeeper, this);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    site);
            thread.start();
            return thread;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void workAtMostUntil(MonotonicInstant deadline) throws InterruptedException {
            MonotonicInstant begin = clock.now();
            assertThat(begin).isLessThan(deadline);
            rest(Duration.ofMillis(10));
            spans.add(new Span(begin, clock.now()));
            worked.countDown();
        }

        @Override
        public void rest(Duration duration) throws InterruptedException {
            new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        public void report(String problem) {
            problems.add(problem);
        }
    }
}
