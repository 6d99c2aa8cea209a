// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.SiteSwitchover;
import dev.primacy.multisite.SwitchoverAnswer.Verdict;
import java.time.Duration;
import java.util.Optional;

/** Writes a wish for a switchover down, if it can be meant. The leader site looks at it more closely. */
final class SwitchoverRequests {
    private SwitchoverRequests() {}

    static SwitchoverAnswer request(Dcs dcs, Duration timeout, String target) {
        try {
            Snapshot group = dcs.snapshot(timeout);
            return refusal(group, target).orElseGet(() -> write(dcs, timeout, group, target));
        } catch (DcsException e) {
            return new SwitchoverAnswer(Verdict.STORE_FAILED, "failed to write the switchover: " + e.getMessage());
        }
    }

    private static Optional<SwitchoverAnswer> refusal(Snapshot group, String target) {
        if (!group.members().containsKey(target)) {
            return answer(
                    Verdict.BAD_REQUEST,
                    "site '" + target + "' is not there; there are: "
                            + group.members().keySet());
        }
        Optional<String> leader = group.leader().map(Lock::holder);
        if (leader.isEmpty()) {
            return answer(Verdict.NOT_POSSIBLE, "no site leads now");
        }
        if (leader.get().equals(target)) {
            return answer(Verdict.BAD_REQUEST, "site '" + target + "' leads already");
        }
        return Entry.read(group.record(RecordKey.FAILOVER), SiteSwitchover::parse)
                .value()
                .flatMap(request -> request)
                .flatMap(request ->
                        answer(Verdict.CONFLICT, "a switchover to site '" + request.targetSite() + "' is in progress"));
    }

    private static Optional<SwitchoverAnswer> answer(Verdict verdict, String message) {
        return Optional.of(new SwitchoverAnswer(verdict, message));
    }

    private static SwitchoverAnswer write(Dcs dcs, Duration timeout, Snapshot group, String target) {
        String value = SiteSwitchover.requested(target).encode();
        WriteOutcome outcome =
                dcs.write(RecordWrite.over(group.record(RecordKey.FAILOVER), RecordKey.FAILOVER, value), timeout);
        return outcome instanceof WriteOutcome.Done
                ? new SwitchoverAnswer(Verdict.ACCEPTED, "multisite switchover scheduled")
                : new SwitchoverAnswer(Verdict.CONFLICT, "somebody else changed the switchover at the same time");
    }
}
