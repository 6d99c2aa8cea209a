// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.demo;

import dev.primacy.lab.verdict.Incident;
import java.util.ArrayList;
import java.util.List;

/** Events that can be repeated at will, since each leaves the group whole. */
enum Bench {
    A,
    B,
    C,
    E;

    /** All events in turn, and that {@code runs} times. */
    static List<Incident> play(Scenes scenes, List<Bench> events, int runs) {
        List<Incident> incidents = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            events.forEach(event -> incidents.addAll(event.play(scenes)));
        }
        return incidents;
    }

    private List<Incident> play(Scenes scenes) {
        return switch (this) {
            case A -> List.of(scenes.postgresDies());
            case B -> List.of(scenes.nodeDies());
            case C -> List.of(scenes.siteDies(), scenes.siteReturns());
            case E -> List.of(scenes.sitesSwitch());
        };
    }
}
