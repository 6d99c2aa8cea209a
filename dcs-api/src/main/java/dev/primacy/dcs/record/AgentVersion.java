// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The version of a member's agent, as other agents compare it.
 *
 * @param parts for example 4, 0, 7; a version that goes on is later than one that ends
 */
public record AgentVersion(List<Integer> parts) implements Comparable<AgentVersion> {
    private static final String VALID = "[0-9]{1,9}(\\.[0-9]{1,9}){0,9}";

    public AgentVersion {
        parts = List.copyOf(parts);
    }

    /** Integers and dots; empty for anything else. */
    public static Optional<AgentVersion> parse(String text) {
        return text.matches(VALID)
                ? Optional.of(new AgentVersion(
                        Arrays.stream(text.split("\\.")).map(Integer::valueOf).toList()))
                : Optional.empty();
    }

    @Override
    public int compareTo(AgentVersion other) {
        return Arrays.compare(
                parts.stream().mapToInt(Integer::intValue).toArray(),
                other.parts.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public String toString() {
        return parts.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
