// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times as Patroni writes them: ISO 8601 with an offset, microseconds where there are any. */
public final class IsoTime {
    private static final DateTimeFormatter TO_SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final DateTimeFormatter TO_MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT);
    private static final DateTimeFormatter LENIENT = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][ ]HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[ ][XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            // Else a 30th of February would be read as its last day.
            .withResolverStyle(ResolverStyle.STRICT);

    private IsoTime() {}

    /**
     * Reads Patroni's form, and its near relatives.
     *
     * @throws IllegalArgumentException if it is no time with an offset
     */
    public static OffsetDateTime parse(String text) {
        try {
            return OffsetDateTime.parse(text, LENIENT);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("no time with an offset: " + JsonObject.shown(text), e);
        }
    }

    /** Whether it is a time that lacks nothing but the offset. */
    public static boolean isWithoutOffset(String text) {
        try {
            return !LENIENT.parse(text).isSupported(ChronoField.OFFSET_SECONDS);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** In microseconds where there are any. */
    public static String format(OffsetDateTime time) {
        OffsetDateTime micros = time.truncatedTo(ChronoUnit.MICROS);
        return (micros.getNano() == 0 ? TO_SECONDS : TO_MICROS).format(micros);
    }
}
