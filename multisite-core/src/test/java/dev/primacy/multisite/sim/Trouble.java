// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import java.time.Duration;

/** What befalls members: frozen, killed, cut off, robbed of their session or their data. */
final class Trouble {
    private static final Duration LONG = Group.TIMING.ttl().multipliedBy(2);

    private static final Duration EARLY = Duration.ofMillis(600);
    private static final int REQUESTS = 3;

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
        switch (time.random.nextInt(8)) {
            case 0 -> member.pause(time.upTo(LONG));
            case 1 -> restart(member);
            case 2 -> member.loseSession();
            case 3 -> member.cut(time.upTo(LONG));
            case 4 -> wipe(member);
            case 5 -> member.failRewinding(time.upTo(LONG));
            case 6 -> member.replication.stall(time.now().plus(time.upTo(LONG)));
            default -> member.pause(time.upTo(Duration.ofSeconds(1)));
        }
    }

    /**
     * Many a machine fails under the load that a promotion brings, before anybody has heard of it, and its site with it.
     * When it is back, it cannot be rewound at first, and people want the lead back where it was.
     */
    void promoted(Member member) {
        if (group.faults.happens(0.1)) {
            time.later(time.upTo(EARLY), () -> {
                member.site.members.forEach(this::restart);
                member.failRewinding(LONG.multipliedBy(2));
                for (int i = 0; i < REQUESTS; i++) {
                    time.later(time.upTo(LONG.multipliedBy(2)), () -> group.askForSwitchover(member.site.name));
                }
            });
        }
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
