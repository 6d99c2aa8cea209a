// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.Snapshot;
import dev.primacy.dcs.Stored;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.Tags;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings that this member was told last, and could use. Owned by the loop's thread. */
final class Settings {
    private static final Logger LOG = LoggerFactory.getLogger(Settings.class);

    private HaConfig wanted;
    private Optional<Stored> lastRead = Optional.empty();

    Settings(HaConfig file) {
        this.wanted = file;
    }

    void retag(Tags now) {
        wanted = wanted.with(now);
    }

    /** The settings after {@code cluster} was seen. */
    HaConfig read(Snapshot cluster) {
        Optional<Stored> stored = cluster.record(RecordKey.CONFIG);
        if (!stored.equals(lastRead)) {
            lastRead = stored;
            Entry<ConfigRecord> entry = Entry.read(stored, ConfigRecord::parse);
            if (entry instanceof Entry.Corrupt<ConfigRecord> corrupt) {
                LOG.error("The config key is no configuration, the settings stay as they are: {}", corrupt.reason());
            }
            entry.value().ifPresent(this::read);
        }
        return wanted;
    }

    private void read(ConfigRecord record) {
        ClusterConfigReader.Reading reading =
                ClusterConfigReader.read(record.settings(), wanted.cluster(), wanted.limits());
        reading.problems().forEach(problem -> LOG.error("The config key, in part: {}; this stays as it was", problem));
        if (!reading.config().equals(wanted.cluster())) {
            LOG.info("Changed by the config key: {}", reading.config());
        }
        wanted = wanted.with(reading.config(), record.settings());
    }
}
