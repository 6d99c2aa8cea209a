// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class LsnTest {
    @Property
    void survivesARoundTrip(@ForAll long value) {
        Lsn lsn = new Lsn(value);
        assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
        assertThat(Lsn.parse(lsn.toString().toLowerCase(java.util.Locale.ROOT))).isEqualTo(lsn);
    }

    @Property
    void comparesUnsigned(@ForAll long a, @ForAll long b) {
        Lsn one = new Lsn(a);
        Lsn other = new Lsn(b);
        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(Long.compareUnsigned(a, b)));
        assertThat(one.later(other)).isEqualTo(other.later(one)).isGreaterThanOrEqualTo(one);
        assertThat(one.bytesSince(other) == 0 || other.bytesSince(one) == 0).isTrue();
    }

    @Example
    void readsWhatPostgresPrints() {
        assertThat(Lsn.parse("16/B374D848")).isEqualTo(new Lsn(0x16B374D848L));
        assertThat(new Lsn(-1)).hasToString("FFFFFFFF/FFFFFFFF");
    }

    @Example
    void refusesEverythingElse() {
        for (String text : new String[] {"", "/", "1", "1/", "/1", "g/1", "1/100000000", "-1/0", "1/2/3"}) {
            assertThatThrownBy(() -> Lsn.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text);
        }
    }
}
