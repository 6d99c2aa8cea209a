// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the times of a cluster's lease may be at most where this member is; empty: any.
 *
 * @param ttl of the leader lock: with a longer one, a failover inside the site would lose the site lease
 * @param loopWait between two renewals: a watchdog waits no longer to be kept alive
 */
public record TimingLimits(Optional<Duration> ttl, Optional<Duration> loopWait) {
    public static final TimingLimits NONE = new TimingLimits(Optional.empty(), Optional.empty());

    List<String> problems(Duration chosenTtl, Duration chosenWait) {
        List<String> problems = new ArrayList<>();
        ttl.filter(longest -> chosenTtl.compareTo(longest) > 0)
                .ifPresent(longest -> problems.add("ttl " + chosenTtl.toSeconds() + " s exceeds multisite.ttl "
                        + longest.toSeconds() + " s: a failover inside the site would lose the site lease"));
        loopWait.filter(longest -> chosenWait.compareTo(longest) > 0)
                .ifPresent(longest -> problems.add("loop_wait " + chosenWait.toSeconds() + " s exceeds the "
                        + longest.toSeconds() + " s that the watchdog of this member waits"));
        return problems;
    }
}
