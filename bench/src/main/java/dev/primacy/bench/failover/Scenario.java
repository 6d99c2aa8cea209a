// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench.failover;

import dev.primacy.lab.Node;
import java.time.Duration;
import java.util.List;

/** What is done to a cluster, and which figure tells how it took it. */
enum Scenario {
    A("planned switchover", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            Node next = sample.other();
            sample.rig().askForSwitchover(sample.old(), next);
            sample.awaitOther();
        }
    },
    B("kill -9 of the postmaster", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            sample.old().killPostmaster();
            sample.awaitAny();
        }
    },
    C("kill -9 of agent and postmaster", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            sample.old().killAgentAndPostmaster();
            sample.awaitOther();
            sample.old().start();
        }
    },
    C2("kill -9 of all processes of the node", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            sample.old().kill();
            sample.awaitOther();
            sample.old().start();
        }
    },
    K("kill -9 of the agent, started again after 0.1 s", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            sample.old().killAgent();
            sample.rig().await.pause(Duration.ofMillis(100));
            sample.old().start();
            sample.awaitCalm();
        }
    },
    D("freeze of the node, thawed 3 s after the takeover", Figure.TAKEOVER) {
        @Override
        void play(Sample sample) {
            sample.old().freeze();
            sample.awaitOtherAndThaw();
        }
    },
    D2("freeze of agent and postmaster, sessions live on", Figure.TAKEOVER) {
        @Override
        void play(Sample sample) {
            sample.old().freezeAgentAndPostmaster();
            sample.awaitOtherAndThaw();
        }
    },
    D3("freeze of the agent", Figure.TAKEOVER) {
        @Override
        void play(Sample sample) {
            sample.old().freezeAgent();
            sample.awaitOtherAndThaw();
        }
    },
    E("kill -9 of etcd's leader", Figure.OUTAGE) {
        @Override
        void play(Sample sample) {
            sample.rig().etcd.kill(sample.rig().etcd.leader());
            sample.rig()
                    .await
                    .pause(Duration.ofSeconds(
                            2L * sample.rig().profile.loopWait + sample.rig().profile.retryTimeout + 3));
        }
    },
    F("primary cut from etcd", Figure.READ_ONLY) {
        @Override
        void play(Sample sample) {
            sample.rig().cutFromEtcd(sample.old());
            sample.awaitOther();
            sample.rig().await.pause(Duration.ofSeconds(3));
        }
    },
    G("kill -9 of all etcd servers", Figure.READ_ONLY) {
        @Override
        void play(Sample sample) {
            for (int i = 0; i < sample.rig().etcd.count(); i++) {
                sample.rig().etcd.kill(i);
            }
            sample.rig().await.pause(sample.untilLeaseEnds());
        }
    };

    /** What is read off a sample. */
    enum Figure {
        OUTAGE("write outage"),
        TAKEOVER("another node writable after"),
        READ_ONLY("old primary's last ack after");

        final String title;

        Figure(String title) {
            this.title = title;
        }
    }

    static final List<Scenario> ALL = List.of(values());

    final String title;
    final Figure figure;

    Scenario(String title, Figure figure) {
        this.title = title;
        this.figure = figure;
    }

    /** Makes the fault and waits for what it leads to; whoever called heals what is left of it. */
    abstract void play(Sample sample);

    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
