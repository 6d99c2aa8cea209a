// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.FaultProxy;
import dev.primacy.dcs.testkit.RemoteFixture;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.MonotonicInstant;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Disturbs networks and servers, one at a time, and puts all in order in the end. */
final class Nemesis {
    /** Of ten faults so many are of servers, if there are any. */
    private static final int OF_SERVERS = 3;

    private final Play play;
    private final DcsFixture fixture;
    private final StoreServers servers;
    private final Random random;
    private final Consumer<String> story;

    Nemesis(Play play, DcsFixture fixture, StoreServers servers, Random random, Consumer<String> story) {
        this.play = play;
        this.fixture = fixture;
        this.servers = servers;
        this.random = random;
        this.story = story;
    }

    void disturbUntil(MonotonicInstant end) {
        while (play.now().isBefore(end)) {
            fixture.pass(Duration.ofMillis(100 + random.nextInt(400)));
            if (servers.count() > 0 && random.nextInt(10) < OF_SERVERS) {
                disturbServer();
            } else if (fixture instanceof RemoteFixture remote) {
                disturbNetwork(remote);
            }
        }
    }

    private Duration length() {
        return Duration.ofMillis(100 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 700));
    }

    private void disturbNetwork(RemoteFixture remote) {
        List<Dcs> sessions = play.sessions().stream()
                .sorted(Comparator.comparingInt(Object::hashCode))
                .toList();
        int fault = random.nextInt(5);
        int pieces = random.nextInt(3);
        Duration delay = Duration.ofMillis(50 + random.nextInt(400));
        Duration length = length();
        int victim = random.nextInt(1000);
        if (sessions.isEmpty()) {
            return;
        }
        FaultProxy network = remote.network(sessions.get(victim % sessions.size()));
        switch (fault) {
            case 0 -> during("freeze of a network", length, network::freeze, network::heal);
            case 1 -> during("cut of a network", length, network::cut, network::heal);
            case 2 -> during("reset of a network", Duration.ZERO, network::reset, () -> {});
            case 3 -> during("slow network", length, () -> network.delay(delay), network::heal);
            default -> during("lost replies", length, () -> network.loseRepliesAfter(pieces), network::heal);
        }
    }

    private void disturbServer() {
        int fault = random.nextInt(4);
        int any = random.nextInt(servers.count());
        Duration length = length();
        switch (fault) {
            case 0 -> during("kill of a server", length, () -> servers.kill(any), servers::heal);
            case 1 -> during("freeze of a server", length, () -> servers.freeze(any), servers::heal);
            case 2 -> {
                int leader = servers.leader();
                during("kill of the leading server", length, () -> servers.kill(leader), servers::heal);
            }
            default -> {
                int leader = servers.leader();
                during("freeze of the leading server", length, () -> servers.freeze(leader), servers::heal);
            }
        }
    }

    private void during(String what, Duration length, Runnable begin, Runnable end) {
        story.accept(what + (length.isZero() ? "" : " for " + length.toMillis() + " ms"));
        begin.run();
        fixture.pass(length);
        end.run();
    }
}
