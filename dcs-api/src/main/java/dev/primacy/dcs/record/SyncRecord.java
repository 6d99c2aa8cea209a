// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code sync}: who surely has every commit that was acknowledged. Inactive without a leader. Names are compared without
 * regard to case, as PostgreSQL compares {@code application_name}.
 *
 * @param leader who acknowledged the commits
 * @param voters the synchronous standbys, the leader not among them
 * @param quorum how many of the voters must be asked, 0 if each of them has every commit
 * @param source the object as read, with fields not listed here
 */
public record SyncRecord(Optional<String> leader, List<String> voters, long quorum, JsonObject source) {
    /** Synchronous mode is off. {@link #encode} gives what is written where the key cannot be deleted. */
    public static final SyncRecord OFF = new SyncRecord(Optional.empty(), List.of(), 0, JsonObject.EMPTY);

    private static final String QUORUM = "quorum";
    private static final String VOTERS = "sync_standby";

    public SyncRecord {
        voters = List.copyOf(voters);
    }

    /**
     * The state to write.
     *
     * @throws IllegalArgumentException if a name has a comma, which separates them
     */
    public static SyncRecord of(String leader, List<String> voters, long quorum) {
        if (leader.isEmpty() || voters.stream().anyMatch(name -> name.isBlank() || name.contains(","))) {
            throw new IllegalArgumentException("cannot be named in 'sync': " + leader + ", " + voters);
        }
        List<String> sorted = voters.stream()
                .filter(name -> !same(name, leader))
                .sorted()
                .distinct()
                .toList();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("leader", leader);
        fields.put(QUORUM, quorum);
        fields.put(VOTERS, joined(sorted));
        return new SyncRecord(Optional.of(leader), sorted, quorum, JsonObject.of(fields));
    }

    /**
     * Reads Patroni's JSON. Nothing, an empty object and one without a leader are inactive.
     *
     * @throws IllegalArgumentException if it is no JSON object, or a field of it is of no use: it must not look inactive, or a
     *     member without every commit could be promoted
     */
    public static SyncRecord parse(String text) {
        JsonObject json = text.isBlank() ? JsonObject.EMPTY : JsonObject.known(text);
        Optional<String> leader = json.textOnly("leader");
        if (leader.isEmpty()) {
            return new SyncRecord(leader, List.of(), 0, json);
        }
        long quorum = json.textOnly(QUORUM).isEmpty()
                ? 0
                : json.number(QUORUM)
                        .filter(number -> number >= 0)
                        .orElseThrow(() ->
                                new IllegalArgumentException("the quorum is no number in " + JsonObject.shown(text)));
        return new SyncRecord(leader, split(json.textOnly(VOTERS).orElse("")), quorum, json);
    }

    public boolean isActive() {
        return leader.isPresent();
    }

    public boolean isLeader(String name) {
        return leader.filter(known -> same(known, name)).isPresent();
    }

    public boolean isVoter(String name) {
        return voters.stream().anyMatch(voter -> same(voter, name));
    }

    /** The leader and the voters; nobody while inactive. */
    public List<String> members() {
        return Stream.concat(leader.stream(), voters.stream()).toList();
    }

    public String encode() {
        FieldWriter writer = new FieldWriter(source, FieldOrder.of("leader", QUORUM, VOTERS)).text("leader", leader);
        if (isActive()) {
            writer.number(QUORUM, Optional.of(quorum));
            if (!split(source.text(VOTERS).orElse("")).equals(voters)) {
                writer.set(VOTERS, Optional.of(joined(voters)));
            }
        }
        return writer.toString();
    }

    private static Optional<String> joined(List<String> voters) {
        return voters.isEmpty() ? Optional.empty() : Optional.of(String.join(",", voters));
    }

    private static List<String> split(String names) {
        return Arrays.stream(names.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static boolean same(String one, String other) {
        return one.toLowerCase(Locale.ROOT).equals(other.toLowerCase(Locale.ROOT));
    }
}
