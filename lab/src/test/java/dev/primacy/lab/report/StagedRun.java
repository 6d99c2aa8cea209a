// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.report;

import dev.primacy.lab.NodeStatus;
import dev.primacy.lab.Role;
import dev.primacy.lab.Sample;
import dev.primacy.lab.verdict.Ack;
import dev.primacy.lab.verdict.Incident;
import dev.primacy.lab.verdict.Interval;
import dev.primacy.lab.verdict.Verdict;
import dev.primacy.postgres.Lsn;
import dev.primacy.time.MonotonicInstant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** A run that never happened, as the demo's would be. Times are in milliseconds. */
final class StagedRun {
    private static final int END = 118_000;

    private final List<Ack> acks = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final BitSet survivors = new BitSet();
    private final Random random = new Random(7);
    private int streak;

    static Run run() {
        return new StagedRun().stage();
    }

    private Run stage() {
        Map<String, List<String>> sites = new LinkedHashMap<>();
        sites.put("fra", List.of("fra1", "fra2"));
        sites.put("ams", List.of("ams1", "ams2"));
        node(
                "fra1",
                0,
                Role.STARTING,
                4000,
                Role.PRIMARY,
                24000,
                Role.STARTING,
                24600,
                Role.PRIMARY,
                38000,
                Role.DOWN,
                43000,
                Role.STARTING,
                47000,
                Role.REPLICA,
                56000,
                Role.DOWN,
                83000,
                Role.STARTING,
                92000,
                Role.REPLICA);
        node(
                "fra2",
                0,
                Role.DOWN,
                5000,
                Role.STARTING,
                9000,
                Role.REPLICA,
                39200,
                Role.PRIMARY,
                56000,
                Role.DOWN,
                83000,
                Role.STARTING,
                89000,
                Role.STANDBY_LEADER,
                105300,
                Role.PRIMARY);
        node(
                "ams1",
                0,
                Role.DOWN,
                5000,
                Role.STARTING,
                11000,
                Role.STANDBY_LEADER,
                76900,
                Role.PRIMARY,
                105000,
                Role.STARTING,
                106800,
                Role.STANDBY_LEADER);
        node("ams2", 0, Role.DOWN, 5000, Role.STARTING, 14000, Role.REPLICA);
        write("fra1", 4200, 24000);
        write("fra1", 24640, 38000);
        write("fra2", 39300, 56000);
        write("ams1", 77100, 105000);
        write("fra2", 105620, END - 2000);
        List<Incident> incidents = List.of(
                incident("a", "kill -9 of PostgreSQL on fra1", false, 24000, 38000),
                incident("b", "kill -9 of the whole node fra1", false, 38000, 56000),
                incident("c", "loss of site fra", false, 56000, 83000),
                incident("d", "return of site fra", true, 83000, 105000),
                incident("e", "switchover back to fra", true, 105000, END - 2000));
        Verdict verdict = Verdict.of(incidents, acks, survivors, 1 << 20);
        return new Run(
                Map.of("Settings", "ttl of the site lease 20 s, of the leader locks 10 s"),
                sites,
                new Interval(at(0), at(END)),
                acks,
                samples,
                verdict);
    }

    private static Incident incident(String key, String title, boolean planned, int from, int to) {
        return new Incident(key, title, planned, new Interval(at(from + 5), at(to)));
    }

    private void node(String name, Object... since) {
        TreeMap<Integer, Role> roles = new TreeMap<>();
        for (int i = 0; i < since.length; i += 2) {
            roles.put((Integer) since[i], (Role) since[i + 1]);
        }
        for (int time = 0; time < END; time += 150) {
            Role role = roles.floorEntry(time).getValue();
            boolean holdsSite = role == Role.PRIMARY;
            Optional<String> holder = role == Role.DOWN || time < 4000
                    ? Optional.empty()
                    : Optional.of(time >= 76900 && time < 105100 ? "ams" : "fra");
            boolean leads = holdsSite || role == Role.STANDBY_LEADER;
            samples.add(new Sample(at(time), name, new NodeStatus(role, 1, Lsn.ZERO, holder, holdsSite, leads, "")));
        }
    }

    private void write(String node, int from, int to) {
        streak++;
        for (double time = from; time < to; time += 0.35 + random.nextDouble() * (time - from < 1500 ? 0.9 : 0.3)) {
            int id = acks.size() + 1;
            MonotonicInstant acked = new MonotonicInstant((long) (time * 1e6));
            acks.add(new Ack(id, node, streak, new Lsn(id * 120L), acked, acked));
            survivors.set(id);
        }
        if (streak == 2) {
            survivors.clear(acks.size() - 2, acks.size() + 1);
        }
    }

    private static MonotonicInstant at(int millis) {
        return new MonotonicInstant(millis * 1_000_000L);
    }
}
