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

    private final boolean inGroup;
    private HaConfig wanted;
    private Optional<Stored> lastRead = Optional.empty();

    Settings(HaConfig file, boolean inGroup) {
        this.inGroup = inGroup;
        this.wanted = file.with(usable(file.cluster()), file.stored());
    }

    HaConfig wanted() {
        return wanted;
    }

    /** In a group it is the site lease that says who follows whom. */
    private ClusterConfig usable(ClusterConfig cluster) {
        if (inGroup && cluster.standbyOf().isPresent()) {
            LOG.error("standby_cluster is ignored, since this cluster is a site of a multisite group");
            return cluster.withoutStandbyOf();
        }
        return cluster;
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
        ClusterConfig now = usable(reading.config());
        if (!now.equals(wanted.cluster())) {
            LOG.info("Changed by the config key: {}", now);
        }
        wanted = wanted.with(now, record.settings());
    }
}
