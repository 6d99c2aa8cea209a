// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

/** Ensembles that all tests share; they end with the JVM. */
final class Servers {
    static final EmbeddedZooKeeper ONE = started(1);
    static final EmbeddedZooKeeper THREE = started(3);

    private Servers() {}

    private static EmbeddedZooKeeper started(int count) {
        EmbeddedZooKeeper ensemble = EmbeddedZooKeeper.start(count);
        Runtime.getRuntime().addShutdownHook(new Thread(ensemble::close));
        return ensemble;
    }
}
