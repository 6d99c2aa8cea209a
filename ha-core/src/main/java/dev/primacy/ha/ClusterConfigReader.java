// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.record.JsonObject;
import dev.primacy.postgres.Upstream;
import dev.primacy.time.LeaseTiming;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code config}. What is not there has its default. What cannot be used leaves the setting as it was; the three
 * times of the lease are one setting, since they must fit each other.
 */
public final class ClusterConfigReader {
    private static final int LONGEST_SHOWN = 40;
    private static final long DEFAULT_PORT = 5432;
    private static final String STANDBY_CLUSTER = "standby_cluster";
    private static final List<String> NOT_SUPPORTED =
            List.of("restore_command", "archive_cleanup_command", "recovery_min_apply_delay", "create_replica_methods");
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Type<Duration> SECONDS = new Type<>("number of seconds", ClusterConfigReader::seconds);
    private static final Type<Long> BYTES = new Type<>("whole number of bytes", ClusterConfigReader::whole);
    private static final Type<Long> COUNT = new Type<>("whole number", ClusterConfigReader::whole);
    private static final Type<Boolean> FLAG = new Type<>("boolean", ClusterConfigReader::flag);

    private final JsonObject settings;
    private final List<String> problems = new ArrayList<>();

    private ClusterConfigReader(JsonObject settings) {
        this.settings = settings;
    }

    /**
     * What was read.
     *
     * @param config what holds now
     * @param problems all that is wrong, each with the setting; what it is about stays as it was
     */
    public record Reading(ClusterConfig config, List<String> problems) {
        public Reading {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads settings.
     *
     * @param last what stays where {@code settings} cannot be used; the slack of its times holds for the new ones too
     * @param limits of the times
     */
    public static Reading read(JsonObject settings, ClusterConfig last, TimingLimits limits) {
        return new ClusterConfigReader(settings).read(last, limits);
    }

    /**
     * What a change of settings would break: all that is wrong with {@code after} and was not wrong before.
     *
     * @param last whose slack holds for the new times too
     * @param limits of the times
     */
    public static List<String> broken(JsonObject before, JsonObject after, ClusterConfig last, TimingLimits limits) {
        List<String> known = read(before, last, limits).problems();
        return read(after, last, limits).problems().stream()
                .filter(problem -> !known.contains(problem))
                .toList();
    }

    private Reading read(ClusterConfig last, TimingLimits limits) {
        ClusterConfig otherwise = ClusterConfig.DEFAULT;
        LeaseTiming timing = timing(last.timing(), limits);
        long maximumLag = value("maximum_lag_on_failover", BYTES, otherwise.maximumLag(), last.maximumLag());
        boolean checkTimeline = value("check_timeline", FLAG, otherwise.checkTimeline(), last.checkTimeline());
        Duration startTimeout = value(renamed("start_timeout"), SECONDS, otherwise.startTimeout(), last.startTimeout());
        Duration stopTimeout = value(renamed("stop_timeout"), SECONDS, otherwise.stopTimeout(), last.stopTimeout());
        boolean failsafe = value("failsafe_mode", FLAG, otherwise.failsafe(), last.failsafe());
        boolean paused = value("pause", FLAG, otherwise.paused(), last.paused());
        // 0 is Patroni's default, and means no limit of the cluster's own.
        Duration limit = stopTimeout.isZero() ? otherwise.stopTimeout() : stopTimeout;
        Duration raceBackoff = value("primary_race_backoff", SECONDS, otherwise.raceBackoff(), last.raceBackoff());
        long timelinesKept = value("max_timelines_history", COUNT, otherwise.timelinesKept(), last.timelinesKept());
        Optional<Upstream> standbyOf = standbyOf(last.standbyOf());
        return new Reading(
                new ClusterConfig(
                        timing,
                        maximumLag,
                        checkTimeline,
                        startTimeout,
                        limit,
                        failsafe,
                        paused,
                        raceBackoff,
                        timelinesKept,
                        standbyOf),
                problems);
    }

    /** Patroni takes a section without host, port and restore_command for none. */
    private Optional<Upstream> standbyOf(Optional<Upstream> last) {
        if (!settings.flag(STANDBY_CLUSTER)) {
            return Optional.empty();
        }
        Optional<JsonObject> section = settings.object(STANDBY_CLUSTER);
        if (section.isEmpty()) {
            problems.add(STANDBY_CLUSTER + " is no section of settings");
            return last;
        }
        JsonObject remote = section.get();
        if (Stream.of("host", "port", "restore_command").noneMatch(remote::flag)) {
            return Optional.empty();
        }
        List<String> wrong = new ArrayList<>();
        Optional<String> host = remote.text("host").filter(text -> !text.isBlank());
        if (host.isEmpty()) {
            wrong.add("host is missing: a standby cluster that only restores an archive is not supported");
        }
        host.filter(text -> text.contains(","))
                .ifPresent(text -> wrong.add("host '" + text + "' names several: give one that leads to the primary"));
        Optional<Long> port = remote.flag("port") ? remote.number("port") : Optional.of(DEFAULT_PORT);
        if (port.filter(number -> number > 0 && number < 65536).isEmpty()) {
            wrong.add("port is no port: '" + shortened(remote.text("port").orElse("")) + "'");
        }
        NOT_SUPPORTED.stream().filter(remote::flag).forEach(name -> wrong.add(name + " is not supported"));
        wrong.forEach(problem -> problems.add(STANDBY_CLUSTER + ": " + problem));
        return wrong.isEmpty()
                ? Optional.of(new Upstream(
                        host.orElseThrow(),
                        port.orElseThrow().intValue(),
                        remote.text("primary_slot_name").filter(name -> !name.isBlank())))
                : last;
    }

    private LeaseTiming timing(LeaseTiming last, TimingLimits limits) {
        int before = problems.size();
        LeaseTiming otherwise = ClusterConfig.DEFAULT.timing();
        Duration ttl = value("ttl", SECONDS, otherwise.ttl(), last.ttl());
        Duration loopWait = value("loop_wait", SECONDS, otherwise.renewEvery(), last.renewEvery());
        Duration retryTimeout = value("retry_timeout", SECONDS, otherwise.requestTimeout(), last.requestTimeout());
        if (problems.size() > before) {
            return last;
        }
        List<String> wrong = new ArrayList<>(last.problemsWith(ttl, loopWait, retryTimeout));
        wrong.addAll(limits.problems(ttl, loopWait));
        problems.addAll(wrong);
        return wrong.isEmpty() ? last.with(ttl, loopWait, retryTimeout) : last;
    }

    /** Patroni's older name counts where the present one is absent. */
    private String renamed(String name) {
        String present = "primary_" + name;
        return settings.fields().contains(present) || !settings.fields().contains("master_" + name)
                ? present
                : "master_" + name;
    }

    private <T> T value(String name, Type<T> type, T otherwise, T last) {
        if (!settings.fields().contains(name)) {
            return otherwise;
        }
        Optional<String> text = settings.text(name);
        Optional<T> parsed = text.flatMap(type.parse());
        if (parsed.isEmpty()) {
            problems.add(name + " is no " + type.name()
                    + text.map(given -> ": '" + shortened(given) + "'").orElse(""));
        }
        return parsed.orElse(last);
    }

    private static String shortened(String text) {
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }

    private record Type<T>(String name, Function<String, Optional<T>> parse) {}

    private static Optional<Duration> seconds(String text) {
        return DECIMAL.matcher(text).matches()
                ? Optional.of(
                        Duration.ofNanos(new BigDecimal(text).movePointRight(9).longValue()))
                : Optional.empty();
    }

    private static Optional<Long> whole(String text) {
        return WHOLE.matcher(text).matches() ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }

    /** Patroni's words. */
    private static Optional<Boolean> flag(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes", "1" -> Optional.of(true);
            case "off", "false", "no", "0" -> Optional.of(false);
            default -> Optional.empty();
        };
    }
}
