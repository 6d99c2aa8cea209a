// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Map;

/**
 * {@code failsafe}: whom a leader must reach that cannot reach the store.
 *
 * @param source the object as read
 */
public record FailsafeRecord(JsonObject source) {
    /**
     * The map to write.
     *
     * @param members the API's URL by member, the leader included
     */
    public static FailsafeRecord of(Map<String, String> members) {
        return new FailsafeRecord(JsonObject.of(members));
    }

    /**
     * Reads Patroni's JSON.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static FailsafeRecord parse(String text) {
        return new FailsafeRecord(JsonObject.known(text));
    }

    /** The API's URL by member, the leader included. */
    public Map<String, String> members() {
        return source.map(JsonObject::text);
    }

    public String encode() {
        return source.toString();
    }
}
