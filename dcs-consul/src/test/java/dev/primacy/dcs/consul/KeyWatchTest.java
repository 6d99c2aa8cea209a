// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsClient;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RealTime;
import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyWatchTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final MonotonicClock CLOCK = BootClock.system();

    @Test
    void aWatchOutlivesACrashOfTheServer() throws InterruptedException {
        try (StoreServers servers = ConsulServers.start(1);
                Dcs dcs = open("http://" + servers.addresses().get(0).getHostString() + ":8500")) {
            Semaphore hints = new Semaphore(0);
            dcs.watch(hints::release);
            assertThat(hints.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            servers.kill(0);
            hints.drainPermits();
            servers.restart(0);
            writeEventually(dcs);
            assertThat(hints.tryAcquire(20, TimeUnit.SECONDS))
                    .as("a hint of the new server")
                    .isTrue();
            hints.drainPermits();
            writeEventually(dcs);
            assertThat(hints.tryAcquire(20, TimeUnit.SECONDS))
                    .as("a hint of a change")
                    .isTrue();
        }
    }

    private static void writeEventually(Dcs dcs) {
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(20));
        while (true) {
            try {
                String value = String.valueOf(CLOCK.now().nanos());
                dcs.write(RecordWrite.blind(RecordKey.CONFIG, value), TIMEOUT);
                return;
            } catch (DcsException e) {
                assertThat(CLOCK.now()).isLessThan(end);
                RealTime.pass(CLOCK, Duration.ofMillis(50));
            }
        }
    }

    /** Played, since a real server's index goes back only when an operator restores it. */
    @Test
    void anIndexThatGoesBackStartsTheWatchAnew() throws IOException, InterruptedException {
        Queue<String> indexes = new ArrayDeque<>(List.of("100", "7", "7", "8"));
        BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.setExecutor(Executors.newCachedThreadPool());
        agent.createContext("/v1/kv/", exchange -> {
            asked.add(String.valueOf(exchange.getRequestURI().getQuery()));
            Optional<String> index = Optional.ofNullable(indexes.poll());
            if (index.isPresent()) {
                exchange.getResponseHeaders().set("X-Consul-Index", index.get());
                exchange.sendResponseHeaders(404, -1);
            }
        });
        agent.start();
        AtomicInteger hints = new AtomicInteger();
        try (Dcs dcs = open("http://127.0.0.1:" + agent.getAddress().getPort())) {
            dcs.watch(hints::incrementAndGet);
            assertThat(asked.poll(10, TimeUnit.SECONDS)).doesNotContain("index=");
            assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("index=100");
            assertThat(asked.poll(10, TimeUnit.SECONDS)).doesNotContain("index=");
            assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("index=7");
            assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("index=8");
            assertThat(hints).as("8 tells nothing new").hasValue(3);
        } finally {
            agent.stop(0);
        }
    }

    @Test
    void aDeadAgentIsNotAskedWithoutAPause() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(500, -1);
        });
        agent.start();
        try (Dcs dcs = open("http://127.0.0.1:" + agent.getAddress().getPort())) {
            dcs.watch(() -> {});
            RealTime.pass(CLOCK, Duration.ofSeconds(2));
            assertThat(asked.get()).isBetween(1, 5);
        } finally {
            agent.stop(0);
        }
    }

    @Test
    void manyWatchesStarveNoVerb() throws InterruptedException {
        int scopes = 100;
        InetSocketAddress server = Servers.one().addresses().get(0);
        try (FaultProxy network = new FaultProxy(List.of(server));
                DcsClient client = new ConsulProvider().connect(Map.of("url", "http://" + network.address()), CLOCK)) {
            List<Dcs> opened = IntStream.range(0, scopes)
                    .mapToObj(i -> client.open(new DcsClient.Scope("/many/s" + i, "a", Duration.ofSeconds(30))))
                    .toList();
            Semaphore hints = new Semaphore(0);
            opened.forEach(dcs -> dcs.watch(hints::release));
            assertThat(hints.tryAcquire(scopes, 30, TimeUnit.SECONDS)).isTrue();
            opened.forEach(dcs -> dcs.snapshot(TIMEOUT));
            opened.forEach(dcs -> dcs.write(RecordWrite.create(RecordKey.CONFIG, "{}"), TIMEOUT));
            assertThat(hints.tryAcquire(scopes, 30, TimeUnit.SECONDS)).isTrue();
            opened.forEach(Dcs::close);
        }
    }

    @Test
    void nothingIsLeftAfterClosing() {
        InetSocketAddress server = Servers.one().addresses().get(0);
        Dcs dcs = open("http://" + server.getHostString() + ":" + server.getPort(), "left-over");
        dcs.watch(() -> {});
        dcs.register("a", "{}", TIMEOUT);
        assertThat(threads()).isNotEmpty();
        dcs.close();
        MonotonicInstant end = CLOCK.now().plus(Duration.ofSeconds(10));
        while (!threads().isEmpty()) {
            assertThat(CLOCK.now()).as("%s", threads()).isLessThan(end);
            RealTime.pass(CLOCK, Duration.ofMillis(20));
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.contains("left-over"))
                .toList();
    }

    private static Dcs open(String url) {
        return open(url, "a");
    }

    private static Dcs open(String url, String name) {
        return new ConsulProvider()
                .open(
                        new DcsClient.Scope("/service/watch-" + name, name, Duration.ofSeconds(30)),
                        Map.of("url", url),
                        CLOCK);
    }
}
