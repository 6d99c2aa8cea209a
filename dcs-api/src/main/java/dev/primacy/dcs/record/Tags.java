// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.List;
import java.util.Optional;

/**
 * {@code tags} of a member: what the operator asks of this node. What Patroni knows has an accessor here; other tags are
 * the operator's own.
 *
 * @param source all tags, in the order of the file
 */
public record Tags(JsonObject source) {
    public static final Tags NONE = new Tags(JsonObject.EMPTY);

    private static final String PRIORITY = "failover_priority";
    private static final String SYNC_PRIORITY = "sync_priority";
    private static final List<String> SILENT =
            List.of("clonefrom", "nofailover", "noloadbalance", "nosync", "nostream");

    /**
     * The tags of a member as it publishes them: those that Patroni knows and that say nothing are left out, unless a
     * priority stands beside them.
     *
     * @param configured as the operator wrote them
     */
    public static Tags published(JsonObject configured) {
        JsonObject kept = configured;
        for (String tag : SILENT) {
            boolean besidePriority =
                    (tag.equals("nofailover") && configured.fields().contains(PRIORITY))
                            || (tag.equals("nosync") && configured.fields().contains(SYNC_PRIORITY));
            if (!configured.flag(tag) && !besidePriority) {
                kept = kept.with(tag, Optional.empty());
            }
        }
        return new Tags(kept);
    }

    /** May never become primary: {@code nofailover}, or without that a {@code failover_priority} of 0 or less. */
    public boolean nofailover() {
        return refused("nofailover", PRIORITY);
    }

    /** Who of equals becomes primary: the higher number. 0 or less is never. */
    public long failoverPriority() {
        return priority("nofailover", PRIORITY);
    }

    /** May never be a synchronous standby. */
    public boolean nosync() {
        return refused("nosync", SYNC_PRIORITY);
    }

    /** Who of equals becomes a synchronous standby: the higher number. 0 or less is never. */
    public long syncPriority() {
        return priority("nosync", SYNC_PRIORITY);
    }

    /** New members are to be copied from here. */
    public boolean clonefrom() {
        return source.flag("clonefrom");
    }

    /** Is not to be given read load. */
    public boolean noloadbalance() {
        return source.flag("noloadbalance");
    }

    /** Replays the archive only. */
    public boolean nostream() {
        return source.text("nostream")
                .filter(text -> text.matches("(?i)true|on|yes|1"))
                .isPresent();
    }

    /** The member to stream from instead of the leader. */
    public Optional<String> replicatefrom() {
        return source.text("replicatefrom").filter(name -> !name.isEmpty());
    }

    /** The plain tag wins over the priority where both are set. */
    private boolean refused(String plain, String priority) {
        return source.text(plain).isPresent()
                ? source.flag(plain)
                : source.number(priority).filter(number -> number <= 0).isPresent();
    }

    private long priority(String plain, String priority) {
        return source.flag(plain) ? 0 : source.number(priority).orElse(1L);
    }
}
