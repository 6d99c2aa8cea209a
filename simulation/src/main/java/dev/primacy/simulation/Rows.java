// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation;

import java.util.regex.Pattern;

/** What a reason says without the names and numbers of its case: as the row of the decision table that gave it. */
final class Rows {
    private static final Pattern CASE = Pattern.compile("[\\w'.:#-]*\\d[\\w'.:#-]*|(?<=\\bsite )[a-z]\\b");
    private static final Pattern SEVERAL = Pattern.compile("…(?:(?:, |-)…)+");

    private Rows() {}

    static String of(String reason) {
        return SEVERAL.matcher(CASE.matcher(reason).replaceAll("…")).replaceAll("…");
    }
}
