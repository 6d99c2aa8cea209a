// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.Version;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A change of one object's annotations. What is written gets the number after that of the state that it replaces: only one
 * change can replace a state, and whatever is changed later has a greater one.
 */
final class Edit {
    private final Home home;
    private final Map<String, String> after;
    private final ObjectNode changes = Json.object();
    private final long version;
    private final Map<RecordKey, Stored> records;

    /**
     * Of an object, or of one that shall be made.
     *
     * @param replaced version of the object's state; of an object that is not there, that of the list that did not show it
     */
    Edit(Home home, Map<String, String> annotations, long replaced) {
        this.home = home;
        this.after = new TreeMap<>(annotations);
        this.version = replaced + 1;
        this.records = Records.read(home, annotations, replaced);
    }

    Version version() {
        return new Version(version);
    }

    Edit put(List<RecordWrite> writes) {
        writes.forEach(write -> put(write.key(), write.value()));
        return this;
    }

    Edit put(RecordKey key, Optional<String> value) {
        Form.of(key).ifPresentOrElse(form -> form.write(value, this::set), () -> putOther(key, value));
        value.ifPresentOrElse(text -> records.put(key, new Stored(text, version())), () -> records.remove(key));
        return this;
    }

    private void putOther(RecordKey key, Optional<String> value) {
        ObjectNode all = Records.others(after)
                .orElseThrow(() -> new DcsException.Rejected(
                        "writing '" + key + "': the annotation " + Names.RECORDS
                                + " is not what Primacy wrote; correct it or remove it",
                        null));
        value.ifPresentOrElse(
                text -> all.putObject(key.path()).put("version", version).put("value", text),
                () -> all.remove(key.path()));
        set(Names.RECORDS, all.isEmpty() ? null : all.toString());
    }

    Edit set(String name, @Nullable String value) {
        boolean same = value == null ? !after.containsKey(name) : value.equals(after.get(name));
        if (!same) {
            changes.put(name, value);
        }
        if (value == null) {
            after.remove(name);
        } else {
            after.put(name, value);
        }
        return this;
    }

    /** An annotation as it will be. */
    Optional<String> get(String name) {
        return Optional.ofNullable(after.get(name));
    }

    /** What to change, as a merge patch. Called once. */
    ObjectNode changes() {
        ObjectNode versions = Json.object();
        for (RecordKey key : Form.OWN.getOrDefault(home, List.of())) {
            Stored stored = records.get(key);
            if (stored != null) {
                versions.putObject(key.path())
                        .put("version", stored.version().value())
                        .put("hash", Json.hash(stored.value()));
            }
        }
        set(Names.VERSIONS, versions.isEmpty() ? null : versions.toString());
        return changes;
    }
}
