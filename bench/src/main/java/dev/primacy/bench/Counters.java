// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import dev.primacy.dcs.testkit.server.ConsulServers;
import dev.primacy.dcs.testkit.server.EtcdServers;
import dev.primacy.dcs.testkit.server.ZooKeeperServers;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a server has counted since it started. */
interface Counters {
    /**
     * All of it.
     *
     * @param requests that clients sent
     * @param writes that went through the servers' log
     */
    record Reading(long requests, long writes) {
        Reading since(Reading earlier) {
            return new Reading(requests - earlier.requests, writes - earlier.writes);
        }
    }

    Reading read();

    static Counters of(EtcdServers servers) {
        return () -> {
            String metrics = servers.metrics(0);
            // A stream, such as that of keep-alives, counts each message.
            return new Reading(
                    sum(metrics, "^grpc_server_msg_received_total\\{.*\\} (\\S+)$"),
                    sum(metrics, "^etcd_server_proposals_committed_total (\\S+)$"));
        };
    }

    static Counters of(ConsulServers servers) {
        return () -> {
            String metrics = servers.metrics(0);
            return new Reading(
                    sum(metrics, "^consul_http_\\S+_count\\S* (\\S+)$"), sum(metrics, "^consul_raft_apply (\\S+)$"));
        };
    }

    static Counters of(ZooKeeperServers servers) {
        // Asking is counted too, once for each of the two.
        return () -> new Reading(
                sum(servers.ask(0, "mntr"), "^zk_packets_received\\s+(\\S+)$"),
                hexadecimal(servers.ask(0, "srvr"), "(?m)^Zxid: 0x(\\S+)$"));
    }

    private static long sum(String text, String pattern) {
        Matcher line = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        double sum = 0;
        while (line.find()) {
            sum += Double.parseDouble(line.group(1));
        }
        return Math.round(sum);
    }

    private static long hexadecimal(String text, String pattern) {
        Matcher line = Pattern.compile(pattern).matcher(text);
        return line.find() ? Long.parseLong(line.group(1), 16) : 0;
    }
}
