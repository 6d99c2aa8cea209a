// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.NodeStatus;
import dev.primacy.lab.Role;
import dev.primacy.lab.Sample;
import dev.primacy.lab.report.Segment.Seen;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the nodes said, as segments of time. */
final class History {
    private final List<Sample> samples;
    private final Map<String, List<String>> sites;
    private final MonotonicInstant end;

    /**
     * Who holds the site lease.
     *
     * @param site the holder
     * @param confirmed whether the holder says so itself; else the others only know that it has not ended yet
     */
    record SiteLease(String site, boolean confirmed) {}

    History(Run run) {
        this.samples =
                run.samples().stream().sorted(Comparator.comparing(Sample::at)).toList();
        this.sites = run.sites();
        this.end = run.time().to();
    }

    List<Segment<Role>> roles(String node) {
        return Segment.of(
                samples.stream()
                        .filter(sample -> sample.node().equals(node))
                        .map(sample -> new Seen<>(sample.at(), sample.status().role()))
                        .toList(),
                end);
    }

    /** Who holds the leader lock of this site. */
    List<Segment<Optional<String>>> leaders(String site) {
        List<String> members = sites.getOrDefault(site, List.of());
        return segments(known -> members.stream()
                .filter(node -> known.containsKey(node) && known.get(node).leads())
                .findFirst());
    }

    List<Segment<Optional<SiteLease>>> siteLeases() {
        return segments(this::siteLease);
    }

    private Optional<SiteLease> siteLease(Map<String, NodeStatus> known) {
        return sites.keySet().stream()
                .filter(site -> sites.getOrDefault(site, List.of()).stream()
                        .anyMatch(node ->
                                known.containsKey(node) && known.get(node).holdsSite()))
                .map(site -> new SiteLease(site, true))
                .findFirst()
                .or(() -> known.values().stream()
                        .flatMap(status -> status.leaderSite().stream())
                        .findFirst()
                        .map(site -> new SiteLease(site, false)));
    }

    private <T> List<Segment<Optional<T>>> segments(Function<Map<String, NodeStatus>, Optional<T>> view) {
        Map<String, NodeStatus> known = new HashMap<>();
        List<Seen<Optional<T>>> seen = new ArrayList<>();
        for (Sample sample : samples) {
            known.put(sample.node(), sample.status());
            seen.add(new Seen<>(sample.at(), view.apply(known)));
        }
        return Segment.of(seen, end);
    }
}
