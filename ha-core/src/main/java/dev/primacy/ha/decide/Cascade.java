// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.decide;

import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.MemberRecord;
import dev.primacy.dcs.record.Tags;
import dev.primacy.ha.HaConfig;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Who streams from whom, by the tags of the members. */
public final class Cascade {
    private Cascade() {}

    /** The member that a follower streams from: the one it was told to, if that leads to the leader, or else the leader. */
    static String upstream(Observation seen, HaConfig config, String leader) {
        return config.tags()
                .replicatefrom()
                .filter(name -> seen.addressOf(name).isPresent() && leadsTo(seen, name, config.name()))
                .orElse(leader);
    }

    /** Members that stream from each other in a circle never get any WAL. */
    private static boolean leadsTo(Observation seen, String from, String self) {
        Set<String> met = new HashSet<>(Set.of(self));
        Optional<String> next = Optional.of(from);
        while (next.isPresent()) {
            if (!met.add(next.get())) {
                return false;
            }
            next = told(seen, next.get());
        }
        return true;
    }

    /** The member that {@code name} streams from instead of the leader. */
    private static Optional<String> told(Observation seen, String name) {
        boolean leads = seen.lock().filter(lock -> lock.holder().equals(name)).isPresent();
        return seen.member(name)
                .filter(member -> !leads)
                .map(MemberRecord::tags)
                .flatMap(Tags::replicatefrom)
                .filter(target -> seen.addressOf(target).isPresent());
    }

    /** The member that a new one is copied from: one that offers it, or else the leader. */
    static String source(Observation seen, HaConfig config, String leader) {
        return seen.cluster()
                .map(cluster -> ClusterView.of(cluster).cloneSources(config.name()))
                .flatMap(sources -> sources.stream().findFirst())
                .orElse(leader);
    }

    /**
     * The members that stream from here, sorted. A slot that nobody reads keeps WAL for ever, so a leader has none for those
     * that stream from another.
     */
    public static Set<String> fed(Observation seen, HaConfig config, boolean leads) {
        Set<String> fed = new TreeSet<>();
        seen.cluster()
                .ifPresent(cluster -> cluster.members().keySet().stream()
                        .filter(name -> !name.equals(config.name()))
                        .filter(name -> seen.member(name)
                                .filter(member -> member.tags().nostream())
                                .isEmpty())
                        .filter(name -> told(seen, name)
                                .map(target -> leadsTo(seen, target, name) ? target.equals(config.name()) : leads)
                                .orElse(leads))
                        .forEach(fed::add));
        return fed;
    }
}
