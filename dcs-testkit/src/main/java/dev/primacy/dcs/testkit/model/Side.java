// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.model;

import dev.primacy.dcs.AcquireOutcome;
import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.LockClaim;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.RecordWrite.Expected;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Version;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.testkit.model.Step.Edit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A store with two sessions that does the steps, and tells what came of each without numbers of its own. */
final class Side {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** Of a tenure or a record that never was. */
    private static final Version NEVER = new Version(-5);

    private final Dcs first;
    private final Dcs second;
    private final List<Lock> tenures = new ArrayList<>();
    private final Map<RecordKey, List<Version>> versions = new HashMap<>();

    Side(Dcs first, Dcs second) {
        this.first = first;
        this.second = second;
    }

    String perform(Step step) {
        Dcs session = step.first() ? first : second;
        if (step instanceof Step.Look) {
            return look(session.snapshot(TIMEOUT));
        } else if (step instanceof Step.Change change) {
            return changed(change.edit(), session.write(write(change.edit()), TIMEOUT));
        } else if (step instanceof Step.Take take) {
            Optional<Lock> replacing = take.replacing().map(this::tenure);
            return taken(session.acquire(
                    new LockClaim(step.first() ? "site-1" : "site-2", replacing, writes(take.with())), TIMEOUT));
        } else if (step instanceof Step.Prolong prolong) {
            return session.renew(tenure(prolong.tenure()), prolong.status(), TIMEOUT)
                    .getClass()
                    .getSimpleName();
        } else if (step instanceof Step.Give give) {
            return session.release(tenure(give.tenure()), writes(give.with()), TIMEOUT)
                    .getClass()
                    .getSimpleName();
        } else if (step instanceof Step.Join join) {
            session.register(join.member(), join.value(), TIMEOUT);
            return "registered";
        }
        throw new IllegalArgumentException(step.toString());
    }

    private String changed(Edit edit, WriteOutcome outcome) {
        if (outcome instanceof WriteOutcome.Done done) {
            if (edit.value().isPresent()) {
                sawVersion(edit.key(), done.version());
            }
            return "done";
        }
        Optional<?> current = ((WriteOutcome.Conflict) outcome).current().map(stored -> {
            sawVersion(edit.key(), stored.version());
            return stored.value();
        });
        return "conflict with " + current;
    }

    private String taken(AcquireOutcome outcome) {
        if (outcome instanceof AcquireOutcome.Acquired acquired) {
            tenures.add(acquired.lock());
            return "acquired";
        }
        return "refused";
    }

    private String look(Snapshot snapshot) {
        Map<String, String> records = new TreeMap<>();
        snapshot.records().forEach((key, stored) -> {
            sawVersion(key, stored.version());
            records.put(key.path(), stored.value());
        });
        Map<String, String> members = new TreeMap<>();
        snapshot.members().forEach((name, stored) -> members.put(name, stored.value()));
        Optional<String> leader =
                snapshot.leader().map(lock -> lock.holder() + " in tenure " + tenures.lastIndexOf(lock));
        return leader + " " + members + " " + records;
    }

    private void sawVersion(RecordKey key, Version version) {
        List<Version> seen = versions.computeIfAbsent(key, first -> new ArrayList<>());
        if (seen.isEmpty() || !seen.get(seen.size() - 1).equals(version)) {
            seen.add(version);
        }
    }

    private Lock tenure(int ago) {
        return tenures.size() > ago
                ? tenures.get(tenures.size() - 1 - ago)
                : new Lock("site-1", "nobody", NEVER.value(), NEVER);
    }

    private List<RecordWrite> writes(List<Edit> edits) {
        return edits.stream().map(this::write).toList();
    }

    private RecordWrite write(Edit edit) {
        List<Version> seen = versions.getOrDefault(edit.key(), List.of());
        Expected expected = switch (edit.expects()) {
            case NOTHING -> new Expected.Anything();
            case ABSENT -> new Expected.Absent();
            case LAST_SEEN -> new Expected.At(seen.isEmpty() ? NEVER : seen.get(seen.size() - 1));
            case FIRST_SEEN -> new Expected.At(seen.isEmpty() ? NEVER : seen.get(0));
        };
        return new RecordWrite(edit.key(), edit.value(), expected);
    }
}
