// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

/**
 * {@code config}: the settings that hold for the whole cluster. Anything but a JSON object is no configuration: the
 * leader then writes it anew.
 *
 * @param settings as the operator wrote them
 */
public record ConfigRecord(JsonObject settings) {
    /**
     * Reads Patroni's JSON.
     *
     * @throws IllegalArgumentException if it is no JSON object
     */
    public static ConfigRecord parse(String text) {
        return new ConfigRecord(JsonObject.known(text));
    }

    public String encode() {
        return settings.toString();
    }
}
