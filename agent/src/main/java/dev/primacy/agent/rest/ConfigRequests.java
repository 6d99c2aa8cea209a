// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.WriteOutcome;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.ha.ClusterConfigReader;
import java.util.List;

/** {@code /config}: the settings of the whole cluster. */
final class ConfigRequests {
    private final RestServer.Node node;

    ConfigRequests(RestServer.Node node) {
        this.node = node;
    }

    Answer get() {
        return read(node.snapshot())
                .value()
                .map(config -> Answer.json(200, config.settings()))
                .orElseGet(() -> Answer.text(502, "the cluster has no config key that can be read"));
    }

    Answer patch(JsonObject patch) {
        Entry<ConfigRecord> there = read(node.snapshot());
        if (there.value().isEmpty()) {
            return Answer.text(503, "the cluster has no config key that can be read; PUT /config writes one");
        }
        JsonObject before = there.value().get().settings();
        JsonObject after = before.merged(patch);
        if (after.equals(before)) {
            return Answer.json(200, after);
        }
        requireUsable(before, after);
        return written(
                RecordWrite.over(there.stored(), RecordKey.CONFIG, new ConfigRecord(after).encode()),
                after,
                Answer.text(409, "the config key was changed by somebody else meanwhile; nothing was changed"));
    }

    Answer put(JsonObject after) {
        JsonObject before =
                read(node.snapshot()).value().map(ConfigRecord::settings).orElse(JsonObject.EMPTY);
        requireUsable(before, after);
        return written(
                RecordWrite.blind(RecordKey.CONFIG, new ConfigRecord(after).encode()),
                after,
                Answer.text(502, "the store refused to write the config key"));
    }

    private Answer written(RecordWrite write, JsonObject after, Answer refused) {
        boolean done = node.dcs().write(write, node.timeout()) instanceof WriteOutcome.Done;
        node.ha().wake();
        return done ? Answer.json(200, after) : refused;
    }

    /** What was wrong before must not keep anybody from changing something else. */
    private void requireUsable(JsonObject before, JsonObject after) {
        List<String> broken = ClusterConfigReader.broken(
                before, after, node.config().ha().cluster(), node.config().ha().limits());
        if (!broken.isEmpty()) {
            throw new RequestException(400, "nothing was changed: " + String.join("; ", broken));
        }
    }

    private static Entry<ConfigRecord> read(Snapshot cluster) {
        return Entry.read(cluster.record(RecordKey.CONFIG), ConfigRecord::parse);
    }
}
