// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code initialize}: which database this is. Once it names a system identifier, nobody founds a second one.
 *
 * @param systemIdentifier decimal text; empty while somebody is founding the database
 */
public record InitializeRecord(Optional<String> systemIdentifier) {
    private static final Memo<InitializeRecord> PARSED = new Memo<>(InitializeRecord::read);
    private static final Pattern VALID = Pattern.compile("[0-9]{10,20}");

    /**
     * Reads Patroni's plain text, or the JSON object of a multisite group.
     *
     * @throws IllegalArgumentException if it is neither empty nor a system identifier
     */
    public static InitializeRecord parse(String text) {
        return PARSED.of(text);
    }

    private static InitializeRecord read(String text) {
        String identifier = text.startsWith("{") ? JsonObject.known(text).required("sysid") : text;
        if (!identifier.isEmpty() && !VALID.matcher(identifier).matches()) {
            throw new IllegalArgumentException("no system identifier: " + JsonObject.shown(text));
        }
        return new InitializeRecord(identifier.isEmpty() ? Optional.empty() : Optional.of(identifier));
    }

    /** Patroni's plain text. */
    public String encode() {
        return systemIdentifier.orElse("");
    }

    /** The form of a multisite group, which also says who founded it. */
    public String encodeForGroup(String foundedBy) {
        return JsonObject.EMPTY
                .with("sysid", systemIdentifier.orElse(""))
                .with("founded_by", foundedBy)
                .toString();
    }
}
