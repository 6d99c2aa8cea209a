// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.postgres.Divergence.Diverged;
import dev.primacy.postgres.Divergence.InHistory;
import dev.primacy.postgres.Divergence.Unknown;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
    /** A history is written as timelines with the points where each was left, for example {@code 1 0/300 2}. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            standby on the upstream's timeline                  | 1                 | 0/200 | 1                 | 0/300 | p | same
            former primary behind a standby that lags           | 1                 | 0/400 | 1                 | 0/300 | s | same
            primary that lost WAL of its own timeline           | 1                 | 0/400 | 1                 | 0/300 | p | unknown
            standby that stopped before the fork                | 1                 | 0/200 | 1 0/300 2         | 0/400 | p | same
            standby that stopped at the fork                    | 1                 | 0/300 | 1 0/300 2         | 0/400 | p | same
            former primary one record past the fork             | 1                 | 0/301 | 1 0/300 2         | 0/400 | p | 1 0/300
            two promotions behind, in the shared part           | 1                 | 0/300 | 1 0/300 2 0/400 3 | 0/500 | p | same
            second timeline left at the second fork             | 1 0/300 2         | 0/400 | 1 0/300 2 0/400 3 | 0/500 | p | same
            second timeline past the second fork                | 1 0/300 2         | 0/401 | 1 0/300 2 0/400 3 | 0/500 | p | 2 0/400
            upstream still on the old timeline                  | 1 0/300 2         | 0/400 | 1                 | 0/300 | s | unknown
            upstream went on with the old timeline              | 1 0/300 2         | 0/400 | 1                 | 0/350 | p | 1 0/300
            both were promoted, to different timelines          | 1 0/300 2         | 0/400 | 1 0/200 3         | 0/400 | p | 1 0/200
            both were promoted, to the same number, apart       | 1 0/300 2         | 0/400 | 1 0/200 2         | 0/400 | p | 1 0/200
            both were promoted at one point, numbers differ     | 1 0/300 2         | 0/400 | 1 0/300 3         | 0/400 | p | 1 0/300
            nothing in common                                   | 5                 | 0/400 | 1 0/300 2         | 0/400 | p | 0 0/0
            """)
    void judges(String name, String here, String end, String there, String thereEnd, String role, String expected) {
        Lsn localEnd = Lsn.parse(end);
        Divergence divergence = history(here).against(history(there), localEnd, Lsn.parse(thereEnd), role.equals("p"));
        switch (expected) {
            case "same" -> assertThat(divergence).isEqualTo(new InHistory());
            case "unknown" -> assertThat(divergence).isInstanceOf(Unknown.class);
            default -> {
                String[] fork = expected.split(" ", 2);
                assertThat(divergence)
                        .isEqualTo(new Diverged(
                                Integer.parseInt(fork[0]), Lsn.parse(fork[1]), localEnd, role.equals("p")));
            }
        }
    }

    @Test
    void readsHistoryFiles() {
        History history =
                History.parse(3, "1\t0/3000148\tno recovery target specified\n\n# comment\n2\t0/4000000\tx\n");
        assertThat(history).isEqualTo(history("1 0/3000148 2 0/4000000 3"));
        assertThat(history.until(2)).contains(history("1 0/3000148 2"));
        assertThat(history.until(4)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "000000010000000000000003, true",
        "000000010000000000000002, false",
        "000000010000000000000004, true",
        "000000010000000000000004.partial, true",
        // Prepared for reuse, past the end of the WAL.
        "000000010000000000000005, false",
        "000000010000000100000003, false",
        "000000020000000000000003, false",
        "00000002.history, true",
        "archive_status, false"
    })
    void keepsTheLostPart(String file, boolean kept) {
        Diverged diverged = new Diverged(1, Lsn.parse("0/3000148"), Lsn.parse("0/4000100"), true);
        assertThat(WalKeeper.isLost(file, diverged, 1, 16 << 20)).isEqualTo(kept);
    }

    private static History history(String text) {
        int last = text.lastIndexOf(' ') + 1;
        String file = text.substring(0, last).replaceAll("(\\d+) (\\S+) ", "$1\t$2\tpromoted\n");
        return History.parse(Integer.parseInt(text.substring(last)), file);
    }
}
