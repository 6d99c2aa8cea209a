// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import java.time.Duration;

/** What befalls members: frozen, killed, cut off, robbed of their session or their data. */
final class Trouble {
    private static final Duration LONG = Group.TIMING.ttl().multipliedBy(2);

    private final Group group;
    private final VirtualTime time;
    private final Duration pace;

    Trouble(Group group) {
        this.group = group;
        this.time = group.time;
        this.pace = Duration.ofMillis(1000 + time.random.nextInt(6000));
    }

    Duration next() {
        if (group.faults.areOn()) {
            group.events.troubles++;
            befall(group.any());
        }
        return time.upTo(pace);
    }

    private void befall(Member member) {
        switch (time.random.nextInt(6)) {
            case 0 -> member.pause(time.upTo(LONG));
            case 1 -> restart(member);
            case 2 -> member.loseSession();
            case 3 -> member.cut(time.upTo(LONG));
            case 4 -> wipe(member);
            default -> member.pause(time.upTo(Duration.ofSeconds(1)));
        }
    }

    /** Many a machine fails under the load that a promotion brings, before anybody has heard of it. */
    void promoted(Member member) {
        if (group.faults.happens(0.1)) {
            time.later(time.upTo(Duration.ofMillis(600)), () -> restart(member));
        }
    }

    /** Servers may not reach each other while their agents reach the store. */
    boolean cutsOffServers() {
        return group.faults.happens(0.7);
    }

    private void restart(Member member) {
        member.crash();
        time.later(time.upTo(LONG), member::start);
    }

    /** Data may be lost on one machine, as long as another has it. */
    private void wipe(Member member) {
        boolean elsewhere = group.members.stream()
                .anyMatch(other -> other != member && other.database.wal().contains(member.database.wal()));
        if (elsewhere && time.random.nextInt(3) == 0) {
            restart(member);
            member.database.wipe();
        }
    }
}
