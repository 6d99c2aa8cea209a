// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.ClusterView;
import dev.primacy.dcs.record.InitializeRecord;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Overview;
import dev.primacy.dcs.record.Overview.Position;
import dev.primacy.dcs.record.Overview.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The list of a cluster's members, in Patroni's columns. */
final class Members {
    private static final int POSTGRES_PORT = 5432;
    private static final int LONGEST_REASON = 50;
    private static final double MEBIBYTE = 1 << 20;
    /** Shown if a member has a value. */
    private static final List<Extra> EXTRAS = List.of(
            new Extra("Pending restart", row -> row.member().pendingRestart() ? "*" : ""),
            new Extra("Pending restart reason", Members::reason),
            new Extra("Scheduled restart", Members::scheduled),
            new Extra("Tags", row -> tags(row.member().tags().source())));

    private record Extra(String name, Function<Row, Object> value) {}

    private Members() {}

    static Sheet sheet(String cluster, ClusterView view, boolean extended) {
        List<Row> members = Overview.of(view).rows();
        List<String> columns = new ArrayList<>(List.of(
                "Cluster",
                "Member",
                "Host",
                "Role",
                "State",
                "TL",
                "Receive LSN",
                "Receive Lag",
                "Replay LSN",
                "Replay Lag"));
        List<Extra> extras = EXTRAS.stream()
                .filter(extra -> extended
                        || members.stream()
                                .anyMatch(row -> !extra.value().apply(row).equals("")))
                .toList();
        extras.forEach(extra -> columns.add(extra.name()));
        boolean ports = showsPorts(members);
        List<List<Object>> rows = members.stream()
                .map(row -> {
                    List<Object> cells = cells(cluster, row, ports);
                    extras.forEach(extra -> cells.add(extra.value().apply(row)));
                    return cells;
                })
                .toList();
        return new Sheet(" Cluster: " + cluster + " (" + identifier(view) + ") ", columns, rows);
    }

    private static String identifier(ClusterView view) {
        return view.initialize().stored().isEmpty()
                ? "uninitialized"
                : view.initialize()
                        .value()
                        .flatMap(InitializeRecord::systemIdentifier)
                        .orElse("initializing");
    }

    /** Hosts alone do not tell members apart that share one, and somebody has to connect to another port. */
    private static boolean showsPorts(List<Row> members) {
        List<Address> addresses =
                members.stream().flatMap(row -> row.member().address().stream()).toList();
        return addresses.stream().anyMatch(at -> at.port() != POSTGRES_PORT)
                || addresses.stream().map(Address::host).distinct().count() < addresses.size();
    }

    private static List<Object> cells(String cluster, Row row, boolean ports) {
        return new ArrayList<>(List.of(
                cluster,
                row.name(),
                row.member()
                        .address()
                        .map(at -> ports ? at.host() + ":" + at.port() : at.host())
                        .orElse(""),
                title(row.role()),
                row.state(),
                row.member().timeline().<Object>map(timeline -> timeline).orElse(""),
                lsn(row, row.received()),
                lag(row.received()),
                lsn(row, row.replayed()),
                lag(row.replayed())));
    }

    private static Object lsn(Row row, Optional<Position> position) {
        return position.map(Position::text).orElse(row.leads() ? "" : "unknown");
    }

    private static Object lag(Optional<Position> position) {
        return position.<Object>map(at -> Math.round(at.lag() / MEBIBYTE)).orElse("");
    }

    private static String title(String role) {
        return Arrays.stream(role.split("_"))
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static String reason(Row row) {
        return row.member().pendingRestartReason().entrySet().stream()
                .map(change -> shortened(
                        change.getKey(),
                        change.getValue().text("old_value").orElse("?") + "->"
                                + change.getValue().text("new_value").orElse("?")))
                .collect(Collectors.joining("\n"));
    }

    private static String shortened(String setting, String change) {
        String whole = setting + ": " + change;
        return whole.length() > LONGEST_REASON ? setting + ": [hidden - too long]" : whole;
    }

    private static String scheduled(Row row) {
        Optional<JsonObject> restart = row.member().scheduledRestart();
        return restart.flatMap(of -> of.text("schedule")).orElse("")
                + restart.flatMap(of -> of.text("postgres_version"))
                        .map(version -> " if version < " + version)
                        .orElse("");
    }

    private static Object tags(JsonObject tags) {
        return tags.isEmpty() ? "" : Documents.map(tags);
    }

    /** What stands below the table. */
    static List<String> footer(ClusterView view) {
        Overview overview = Overview.of(view);
        List<String> lines = new ArrayList<>();
        if (overview.paused()) {
            lines.add(" Maintenance mode: on");
        }
        overview.scheduled().ifPresent(request -> {
            request.scheduledAt().ifPresent(at -> lines.add(" Switchover scheduled at: " + IsoTime.format(at)));
            request.leader().ifPresent(name -> lines.add(detail("from", name)));
            request.member().ifPresent(name -> lines.add(detail("to", name)));
        });
        return lines;
    }

    private static String detail(String what, String name) {
        return String.format(Locale.ROOT, " %24s: %s", what, name);
    }

    /** Whom an action is for: all with that role, or those that are named. */
    static List<Row> chosen(ClusterView view, List<String> names, MemberRole role) {
        List<Row> fitting = Overview.of(view).rows().stream().filter(role::fits).toList();
        if (names.isEmpty()) {
            return fitting;
        }
        List<Row> found =
                fitting.stream().filter(row -> names.contains(row.name())).toList();
        if (found.isEmpty()) {
            throw new CtlException("No " + role.word() + " among provided members");
        }
        return found;
    }
}
