// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

/**
 * A byte position in the write-ahead log, an unsigned 64-bit number.
 *
 * @param value the position; compared unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {
    public static final Lsn ZERO = new Lsn(0);

    /**
     * Reads PostgreSQL's text form, for example {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException if the text is not an LSN
     */
    public static Lsn parse(String text) {
        int slash = text.indexOf('/');
        try {
            long high = Long.parseLong(text.substring(0, slash), 16);
            long low = Long.parseLong(text.substring(slash + 1), 16);
            if (high >>> 32 == 0 && low >>> 32 == 0) {
                return new Lsn(high << 32 | low);
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not an LSN: " + text, e);
        }
        throw new IllegalArgumentException("not an LSN: " + text);
    }

    /** The bytes from {@code earlier} to this position; 0 if that is not earlier. */
    public long bytesSince(Lsn earlier) {
        return compareTo(earlier) <= 0 ? 0 : value - earlier.value;
    }

    public Lsn later(Lsn other) {
        return compareTo(other) >= 0 ? this : other;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    /** PostgreSQL's text form. */
    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(java.util.Locale.ROOT);
    }
}
