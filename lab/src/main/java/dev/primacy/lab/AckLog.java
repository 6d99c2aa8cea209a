// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.lab.verdict.Ack;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All acknowledged rows of a run. Safe for use by any thread. */
public final class AckLog {
    private final List<Ack> acks = new ArrayList<>();
    private final Map<String, Ack> latest = new HashMap<>();
    private final List<Ack> firstOfStreaks = new ArrayList<>();

    synchronized void add(Ack ack) {
        acks.add(ack);
        Ack before = latest.put(ack.node(), ack);
        if (before == null || before.streak() != ack.streak()) {
            firstOfStreaks.add(ack);
        }
    }

    /** A copy of what is known now. */
    public synchronized List<Ack> all() {
        return List.copyOf(acks);
    }

    /** The first that was added and is like this. */
    public synchronized Optional<Ack> first(Predicate<Ack> like) {
        return acks.stream().filter(like).findFirst();
    }

    /** The newest one. */
    public synchronized Optional<Ack> latest() {
        return latest.values().stream().max(Comparator.comparing(Ack::acked));
    }

    /** The first ack of the first streak after that of {@code before}: writing was interrupted, and went on with it. */
    public synchronized Optional<Ack> resumed(Ack before) {
        return firstOfStreaks.stream()
                .filter(ack -> ack.acked().isAfter(before.acked()))
                .findFirst();
    }

    /** The last one, of whichever node, that came before {@code ack}. */
    public synchronized Optional<Ack> lastBefore(Ack ack) {
        for (int i = acks.size() - 1; i >= 0; i--) {
            if (acks.get(i).acked().isBefore(ack.acked())) {
                return Optional.of(acks.get(i));
            }
        }
        return Optional.empty();
    }
}
