// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.Version;
import dev.primacy.time.MonotonicInstant;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock as annotations of the leader's object. Patroni's own say who holds it and change with each sign of life; one of
 * ours adds session and term, and counts for as long as the others are those that it was written with.
 */
final class Tenures {
    private static final String LOCK = "the lock";
    private static final String FOREIGN = "a tenure that is not ours";
    private static final DateTimeFormatter ISO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);

    private final Observations observations;
    private final InstantSource wall;
    private final Duration ttl;
    private volatile @Nullable LastHeld last;

    /**
     * Tenures of one scope.
     *
     * @param wall for what people and Patroni's readers are shown; nothing is decided by it
     * @param ttl of those whose record does not say one, and of ours
     */
    Tenures(Observations observations, InstantSource wall, Duration ttl) {
        this.observations = observations;
        this.wall = wall;
        this.ttl = ttl;
    }

    /** The lock, unless its holder has given no sign of life for its ttl since we saw the last one. */
    Optional<Lock> lock(Optional<KubeObject> leader) {
        if (leader.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> annotations = leader.get().annotations();
        Observations.Sight sight =
                observations.see(LOCK, signs(annotations), leader.get().version(), ttl(annotations.get(Names.TTL)));
        Optional<Lock> lock = written(leader.get());
        lock.ifPresent(held -> last = new LastHeld(uid(leader), sight.since().plus(sight.ttl())));
        return lock.filter(held -> sight.livesAt(observations.now()));
    }

    /**
     * Whether the object in which we last saw a holder is gone, and that holder may still rely on the lock: whoever deleted
     * it did not ask him.
     */
    boolean mayBeHeldWithoutObject(Optional<KubeObject> leader) {
        LastHeld held = last;
        return held != null
                && !held.uid.equals(uid(leader))
                && observations.now().isBefore(held.until);
    }

    private static String uid(Optional<KubeObject> leader) {
        return leader.map(object -> object.json().path("metadata").path("uid").asText())
                .orElse("");
    }

    /** The lock that is written there, whether its holder lives or not. */
    Optional<Lock> written(KubeObject leader) {
        Map<String, String> annotations = leader.annotations();
        String holder = annotations.getOrDefault(Names.LEADER, "");
        if (holder.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Optional.ofNullable(annotations.get(Names.TENURE))
                .flatMap(Json::parseObject)
                .filter(ours -> isOf(ours, annotations))
                .map(ours -> lock(
                        holder, ours.path("session").asText(), ours.path("term").asLong()))
                .orElseGet(() -> foreign(holder, leader)));
    }

    /** Nobody has numbered it, so it has the number of the object's version when we first saw it. */
    private Lock foreign(String holder, KubeObject leader) {
        Map<String, String> annotations = leader.annotations();
        String session = "patroni " + annotations.get(Names.ACQUIRE_TIME) + " " + annotations.get(Names.TRANSITIONS);
        return lock(
                holder,
                session,
                observations
                        .see(FOREIGN, holder + " " + session, leader.version(), Duration.ZERO)
                        .version());
    }

    private static Lock lock(String holder, String session, long term) {
        return new Lock(holder, session, term, new Version(term));
    }

    private static boolean isOf(ObjectNode tenure, Map<String, String> annotations) {
        return List.of(Names.LEADER, Names.ACQUIRE_TIME, Names.TRANSITIONS).stream()
                .allMatch(name -> tenure.path(name).asText().equals(annotations.getOrDefault(name, "")));
    }

    /** All that a sign of life changes. */
    static String signs(Map<String, String> annotations) {
        List<String> signs = new ArrayList<>();
        Names.LOCK.forEach(name -> signs.add(name + "=" + annotations.get(name)));
        signs.add(String.valueOf(annotations.get(Names.TENURE)));
        return signs.toString();
    }

    private Duration ttl(@Nullable String text) {
        return text != null && text.matches("[1-9][0-9]{0,5}") ? Duration.ofSeconds(Long.parseLong(text)) : ttl;
    }

    /** Writes a new tenure over what is there; it gets the edit's number as its term. */
    Lock begin(Edit edit, Map<String, String> before, String holder, String session) {
        String acquired = later(before.get(Names.ACQUIRE_TIME));
        String transitions = transitions(before, holder);
        Lock lock = lock(holder, session, edit.version().value());
        ObjectNode tenure = Json.object()
                .put("session", session)
                .put("term", lock.term())
                .put(Names.LEADER, holder)
                .put(Names.ACQUIRE_TIME, acquired)
                .put(Names.TRANSITIONS, transitions);
        edit.set(Names.LEADER, holder)
                .set(Names.ACQUIRE_TIME, acquired)
                .set(Names.TRANSITIONS, transitions)
                .set(Names.TENURE, tenure.toString());
        renew(edit, before);
        return lock;
    }

    /** A sign of life. */
    void renew(Edit edit, Map<String, String> before) {
        edit.set(Names.TTL, Long.toString(ttl.toSeconds()));
        edit.set(Names.RENEW_TIME, later(before.get(Names.RENEW_TIME)));
    }

    /** Adds what a Lease says of itself, where the lock lies in one. */
    ObjectNode spec(Edit edit, Layout layout, ObjectNode more) {
        if (layout.kind() == Kind.LEASES) {
            ObjectNode spec = more.putObject("spec");
            spec.put("holderIdentity", edit.get(Names.LEADER).orElse(null));
            edit.get(Names.ACQUIRE_TIME).ifPresent(time -> spec.put("acquireTime", time.replace("+00:00", "Z")));
            edit.get(Names.RENEW_TIME).ifPresent(time -> spec.put("renewTime", time.replace("+00:00", "Z")));
            spec.put("leaseDurationSeconds", Math.toIntExact(ttl.toSeconds()));
            edit.get(Names.TRANSITIONS)
                    .filter(count -> count.matches("[0-9]{1,9}"))
                    .ifPresent(count -> spec.put("leaseTransitions", Integer.parseInt(count)));
        }
        return more;
    }

    private static String transitions(Map<String, String> before, String holder) {
        String last = before.get(Names.TRANSITIONS);
        if (last == null) {
            return "0";
        }
        long count = last.matches("[0-9]{1,15}") ? Long.parseLong(last) : 0;
        return Long.toString(holder.equals(before.get(Names.LEADER)) ? count : count + 1);
    }

    /** Now; but later than what was there, since nobody sees two equal times as two signs of life, and clocks are set back. */
    private String later(@Nullable String than) {
        Instant now = wall.instant().truncatedTo(ChronoUnit.MICROS);
        Instant last = time(than);
        Instant next = now.isAfter(last) ? now : last.plus(1, ChronoUnit.MICROS);
        return ISO.format(next.atOffset(ZoneOffset.UTC));
    }

    private static Instant time(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            // Somebody else's; then any time differs from it.
            return Instant.EPOCH;
        }
    }

    /**
     * The last lock that was seen.
     *
     * @param uid of its object
     * @param until when its holder may rely on it, as far as we know
     */
    private record LastHeld(String uid, MonotonicInstant until) {}
}
