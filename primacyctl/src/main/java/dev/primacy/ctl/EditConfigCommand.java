// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.record.ConfigRecord;
import dev.primacy.dcs.record.Entry;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.ha.ClusterConfig;
import dev.primacy.ha.ClusterConfigReader;
import dev.primacy.ha.TimingLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Changes settings. */
@Command(
        name = "edit-config",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Changes the settings of the whole cluster, in an editor if no option names a change.",
            "What the agents could not use is refused."
        })
final class EditConfigCommand extends OneClusterCommand {
    private static final String PARAMETERS = "postgresql.parameters.";

    @Option(
            names = {"-q", "--quiet"},
            description = "do not show what changes")
    private boolean quiet;

    @Option(
            names = {"-s", "--set"},
            paramLabel = "KEY=VALUE",
            description = "for example ttl=30 or postgresql.use_slots=true; null removes it")
    private List<String> set = new ArrayList<>();

    @Option(
            names = {"-p", "--pg"},
            paramLabel = "KEY=VALUE",
            description = "a setting of PostgreSQL, for example work_mem=8MB")
    private List<String> parameters = new ArrayList<>();

    @Option(
            names = "--apply",
            paramLabel = "FILE",
            description = "change by what is in this YAML file; - is standard input")
    private @Nullable String apply;

    @Option(names = "--replace", paramLabel = "FILE", description = "replace everything by this YAML file")
    private @Nullable String replace;

    @Option(names = "--force", description = "ask nothing")
    private boolean force;

    @Override
    boolean run(Session session) {
        Entry<ConfigRecord> there = session.cluster().look().config();
        JsonObject before = there.value()
                .map(ConfigRecord::settings)
                .orElseThrow(() -> new CtlException("The config key does not exist in the cluster "
                        + session.cluster().name()));
        JsonObject after = changed(session, before);
        if (after.equals(before)) {
            if (!quiet) {
                session.say("Not changed");
            }
            return true;
        }
        List<String> broken = ClusterConfigReader.broken(before, after, ClusterConfig.DEFAULT, TimingLimits.NONE);
        if (!broken.isEmpty()) {
            throw new CtlException("nothing was changed: " + String.join("; ", broken));
        }
        if (!quiet) {
            difference(before, after).forEach(session::say);
        }
        if (!force && ("-".equals(apply) || "-".equals(replace))) {
            session.say("Use --force option to apply changes");
            return true;
        }
        if (!force && !session.terminal().isConfirmed("Apply these changes?")) {
            return true;
        }
        if (!session.cluster()
                .write(RecordWrite.over(there.stored(), RecordKey.CONFIG, new ConfigRecord(after).encode()))) {
            throw new CtlException("Config modification aborted due to concurrent changes");
        }
        session.say("Configuration changed");
        return true;
    }

    private JsonObject changed(Session session, JsonObject before) {
        JsonObject after = before;
        if (replace != null) {
            after = read(session, replace);
        }
        if (apply != null) {
            after = after.merged(read(session, apply));
        }
        for (String pair : Stream.concat(set.stream(), parameters.stream().map(pair -> PARAMETERS + pair.strip()))
                .toList()) {
            after = after.merged(change(pair));
        }
        boolean named = replace != null || apply != null || !set.isEmpty() || !parameters.isEmpty();
        return named ? after : edited(session.cluster().name(), before);
    }

    private static JsonObject read(Session session, String file) {
        try {
            String text = file.equals("-") ? session.terminal().rest() : Files.readString(Path.of(file));
            return Documents.parse(text, file.equals("-") ? "standard input" : file);
        } catch (IOException e) {
            throw new CtlException("cannot read " + file + ": " + e);
        }
    }

    /** What {@code a.b=1} asks for; names of PostgreSQL's settings may have dots. */
    private static JsonObject change(String pair) {
        int equals = pair.indexOf('=');
        if (equals < 1) {
            throw new CtlException("Invalid parameter setting " + pair);
        }
        String key = pair.substring(0, equals).strip();
        Object value = Documents.value(pair.substring(equals + 1), pair);
        List<String> path = key.startsWith(PARAMETERS)
                ? List.of("postgresql", "parameters", key.substring(PARAMETERS.length()))
                : List.of(key.split("\\."));
        Map<String, Object> change = new LinkedHashMap<>();
        change.put(path.get(path.size() - 1), value);
        for (int i = path.size() - 2; i >= 0; i--) {
            Map<String, Object> outer = new LinkedHashMap<>();
            outer.put(path.get(i), change);
            change = outer;
        }
        return JsonObject.parse(Documents.json(change));
    }

    private static JsonObject edited(String cluster, JsonObject before) {
        String editor = Optional.ofNullable(System.getenv("EDITOR")).orElse("vi");
        try {
            Path file = Files.createTempFile(cluster + "-config-", ".yaml");
            try {
                Files.writeString(file, Documents.settings(before));
                int status = new ProcessBuilder(Stream.concat(Stream.of(editor.split(" +")), Stream.of(file.toString()))
                                .toList())
                        .inheritIO()
                        .start()
                        .waitFor();
                if (status != 0) {
                    throw new CtlException("Editor exited with return code " + status);
                }
                return Documents.parse(Files.readString(file), "what was edited");
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new CtlException("cannot edit with " + editor + " (EDITOR): " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CtlException("interrupted");
        }
    }

    private static List<String> difference(JsonObject before, JsonObject after) {
        List<String> old = Documents.settings(before).lines().toList();
        List<String> now = Documents.settings(after).lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff("before", "after", old, DiffUtils.diff(old, now), 3);
    }
}
