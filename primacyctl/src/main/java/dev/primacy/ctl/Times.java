// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.IsoTime;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times as people write and read them: by the wall clock, in their own zone where they name none. */
record Times(InstantSource wallClock, ZoneId zone) {
    private static final DateTimeFormatter SHOWN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT);

    OffsetDateTime now() {
        return wallClock.instant().atZone(zone).toOffsetDateTime();
    }

    static String shown(OffsetDateTime time) {
        return SHOWN.format(time);
    }

    /** An example for who is asked. */
    String nextHour() {
        return MINUTE.format(now().plus(Duration.ofHours(1)));
    }

    /**
     * Reads when something is to be done.
     *
     * @return empty for {@code now}
     * @throws CtlException if it is no time
     */
    Optional<OffsetDateTime> schedule(String text) {
        if (text.isEmpty() || text.equals("now")) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    IsoTime.isWithoutOffset(text)
                            ? LocalDateTime.parse(text.replace(' ', 'T'))
                                    .atZone(zone)
                                    .toOffsetDateTime()
                            : IsoTime.parse(text));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new CtlException("Unable to parse scheduled timestamp (" + text
                    + "). It should be in an unambiguous format (e.g. ISO 8601)");
        }
    }
}
