// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The TTL of a session in Consul's sense. The servers end a session when it was silent for twice that. */
record SessionTtl(Duration value) {
    private static final int PER_LEASE = 2;
    private static final String TOO_SHORT = "Invalid Session TTL";
    /** For example {@code must be between [10s=24h0m0s]}. */
    private static final Pattern MINIMUM = Pattern.compile("between \\[([0-9.hms]+)=");

    private static final SessionTtl USUAL_MINIMUM = new SessionTtl(Duration.ofSeconds(10));

    static SessionTtl forLease(Duration lease) {
        return new SessionTtl(lease.dividedBy(PER_LEASE));
    }

    /** How long what a silent session holds is kept. */
    Duration lease() {
        return value.multipliedBy(PER_LEASE);
    }

    /** The servers' shortest TTL, if this is how they refuse a shorter one. */
    static Optional<SessionTtl> minimumSaidBy(String refusal) {
        if (!refusal.contains(TOO_SHORT)) {
            return Optional.empty();
        }
        Matcher minimum = MINIMUM.matcher(refusal);
        return Optional.of(
                minimum.find() ? duration(minimum.group(1)).map(SessionTtl::new).orElse(USUAL_MINIMUM) : USUAL_MINIMUM);
    }

    private static Optional<Duration> duration(String go) {
        try {
            return Optional.of(
                    go.endsWith("ms")
                            ? Duration.ofMillis(Long.parseLong(go.replace("ms", "")))
                            : Duration.parse("PT" + go.toUpperCase(Locale.ROOT)));
        } catch (DateTimeParseException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As Consul reads it. */
    @Override
    public String toString() {
        return value.toMillis() / 1000.0 + "s";
    }
}
