// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import dev.primacy.simulation.store.Store;
import java.util.ArrayList;
import java.util.List;

/** One cluster: its nodes, and its own store. */
final class Site {
    final String name;
    final int number;
    final Store store;
    final List<Node> nodes = new ArrayList<>();

    Site(String name, int number, Store store) {
        this.name = name;
        this.number = number;
        this.store = store;
    }

    @Override
    public String toString() {
        return name;
    }
}
