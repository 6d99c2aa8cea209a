// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import dev.primacy.time.MonotonicClock;
import dev.primacy.time.MonotonicInstant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fence in the kernel: rules of nftables let packets of the server's port through, to and from it, only while an element
 * of a set is alive, which a timer of the kernel ends. No process has to run for that, so a host whose processes were all
 * frozen acknowledges nothing late. Sessions over Unix-domain sockets know no packets and are not covered.
 *
 * <p>Packets that come too late are answered with a reset instead of being dropped: an answer that was dropped would be
 * sent again by the kernel, and would arrive once the rules are gone. The reset goes to the server's own socket, which is
 * dead from then on.
 */
final class KernelLease implements Fence {
    private static final Logger LOG = LoggerFactory.getLogger(KernelLease.class);
    private static final Duration LEAST_RESERVE = Duration.ofMillis(250);
    private static final Duration REMOVAL = Duration.ofSeconds(5);

    private final int port;
    private final MonotonicClock clock;
    private final String program;
    private boolean installed;
    /** The last deadline that was confirmed. */
    private MonotonicInstant renewedUntil = new MonotonicInstant(0);

    KernelLease(int port, MonotonicClock clock) {
        this(port, clock, program());
    }

    KernelLease(int port, MonotonicClock clock, String program) {
        this.port = port;
        this.clock = clock;
        this.program = program;
    }

    /** Where it is for root; others often have no such folder in their path. */
    private static String program() {
        return Stream.of("/usr/sbin/nft", "/sbin/nft")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElse("nft");
    }

    /**
     * The kernel counts from when it is told, which is later than when the time was worked out. So the element ends earlier
     * than the deadline by what one change may take, and one that took longer is replaced at once.
     */
    @Override
    public boolean arm(MonotonicInstant soft, MonotonicInstant hard, Duration timeout) {
        MonotonicInstant end = clock.now().plus(timeout);
        Duration half = soft.until(hard).dividedBy(2);
        Duration reserve = half.compareTo(LEAST_RESERVE) > 0 ? half : LEAST_RESERVE;
        while (true) {
            MonotonicInstant begin = clock.now();
            Duration lifetime = begin.until(hard).minus(reserve);
            if (!begin.isBefore(end) || lifetime.toMillis() < 1) {
                return false;
            }
            Duration limit = earlier(begin.until(end), reserve.multipliedBy(4).dividedBy(5));
            boolean done = installed ? renew(lifetime, limit) : take(lifetime, limit);
            MonotonicInstant now = clock.now();
            if (now.isAfter(begin.plus(reserve))) {
                // The program is killed before that, but this process may have been frozen. It may outlive the deadline
                // now.
                reserve = reserve.multipliedBy(2);
            } else if (done) {
                renewedUntil = hard;
                return true;
            } else if (installed && !renewedUntil.isAfter(hard) && now.isBefore(renewedUntil)) {
                LOG.warn("{} was not renewed in time; it still ends at its last deadline", this);
                return true;
            }
        }
    }

    private static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /**
     * Deletes the element and adds it anew in one transaction. An element that has ended cannot be deleted, so a renewal
     * that was frozen on its way and comes after the deadline fails as a whole.
     *
     * @return false if the program does not end, or if the element has ended, or somebody has flushed all rules
     */
    boolean renew(Duration lifetime, Duration limit) {
        String lease = " element " + table() + " lease ";
        String transaction = "delete" + lease + "{ " + port + " }\nadd" + lease + element(lifetime) + "\n";
        try {
            installed = nft(transaction, limit).status() == 0;
            return installed;
        } catch (PostgresException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        }
    }

    private boolean take(Duration lifetime, Duration limit) {
        require("take", nft(rules(lifetime), limit));
        installed = true;
        return true;
    }

    private String element(Duration lifetime) {
        return "{ " + port + " timeout " + lifetime.toMillis() + "ms }";
    }

    /** Replaces what an agent that died may have left. */
    private String rules(Duration lifetime) {
        String end = " != @lease tcp flags & rst == 0 reject with tcp reset";
        return remove()
                + "table " + table() + " {\n"
                + " set lease { type inet_service; flags timeout; elements = " + element(lifetime) + " }\n"
                + " chain to { type filter hook input priority filter; tcp dport " + port + " tcp dport" + end + "; }\n"
                + " chain from { type filter hook output priority filter; tcp sport " + port + " tcp sport" + end
                + "; }\n"
                + "}\n";
    }

    /** Also if there is none: deleting what is not there would be an error. */
    private String remove() {
        return "add table " + table() + "\ndelete table " + table() + "\n";
    }

    private String table() {
        return "inet primacy_" + port;
    }

    @Override
    public void disarm() {
        installed = false;
        require("remove", nft(remove(), REMOVAL));
    }

    private Programs.Result nft(String transaction, Duration limit) {
        try {
            return Programs.execute(List.of(program, "-f", "-"), program, Map.of(), transaction, limit);
        } catch (PostgresException e) {
            String advice =
                    e.getCause() instanceof IOException ? "; install nftables, or set fencing.kernel_lease to off" : "";
            throw new PostgresException(this + ": " + e.getMessage() + advice, e);
        }
    }

    private void require(String verb, Programs.Result result) {
        if (result.status() == 0) {
            return;
        }
        String output = Programs.lastLines(result.output());
        String advice = output.contains("Operation not permitted")
                ? "; give the agent CAP_NET_ADMIN, with systemd by AmbientCapabilities=CAP_NET_ADMIN, or set"
                        + " fencing.kernel_lease to off"
                : "";
        throw new PostgresException("cannot " + verb + " " + this + ": " + output + advice);
    }

    @Override
    public String toString() {
        return "the kernel lease on port " + port;
    }
}
