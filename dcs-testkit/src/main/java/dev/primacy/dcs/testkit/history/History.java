// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.dcs.RecordKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** All that the clients did and saw. May be added to by any thread. */
final class History {
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Queue<Belief> beliefs = new ConcurrentLinkedQueue<>();
    private final Queue<Sighting> sightings = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    void add(Operation operation) {
        operations.add(operation);
    }

    void add(Belief belief) {
        beliefs.add(belief);
    }

    void add(Sighting sighting) {
        sightings.add(sighting);
    }

    /** Something that a correct store never does. */
    void complain(String complaint) {
        complaints.add(complaint);
    }

    int tenures() {
        return beliefs.size();
    }

    long certain() {
        return operations.stream().filter(Operation::isCertain).count();
    }

    /** In one line. */
    String summary() {
        return tenures() + " tenures, " + sightings.size() + " sightings of the lock, " + certain()
                + " operations, and " + (operations.size() - certain()) + " whose end nobody heard";
    }

    /** Everything that a correct store could not have done. */
    List<String> violations() {
        List<String> found = new ArrayList<>(complaints);
        List<Belief> tenures =
                beliefs.stream().sorted(Comparator.comparing(Belief::from)).toList();
        for (int i = 1; i < tenures.size(); i++) {
            Belief earlier = tenures.get(i - 1);
            Belief later = tenures.get(i);
            if (later.from().isBefore(earlier.until())) {
                found.add("two rely on the lock at one time: " + earlier + ", " + later);
            }
            if (later.term() <= earlier.term()) {
                found.add("a term does not grow: " + earlier + ", " + later);
            }
        }
        for (Belief tenure : tenures) {
            sightings.stream()
                    .filter(sighting -> sighting.liesWithin(tenure)
                            && !sighting.term()
                                    .filter(Long.valueOf(tenure.term())::equals)
                                    .isPresent())
                    .forEach(sighting -> found.add("the lock looked free or another's: " + tenure + ", " + sighting));
        }
        byRecord()
                .forEach((key, of) ->
                        Linearizability.problem(of).ifPresent(problem -> found.add("'" + key + "': " + problem)));
        return found;
    }

    private Map<String, List<Operation>> byRecord() {
        return operations.stream()
                .collect(Collectors.groupingBy(
                        (Operation operation) -> path(operation.key()), TreeMap::new, Collectors.toList()));
    }

    private static String path(RecordKey key) {
        return key.path();
    }
}
