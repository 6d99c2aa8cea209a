// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import java.util.List;
import java.util.regex.Pattern;

/**
 * One fault.
 *
 * @param name short
 * @param fault what goes wrong in the world by it
 * @param sites of the histories that find it
 * @param members of each site
 * @param within in how many histories it must be found; 0: it is not counted, and {@code fault} says why
 * @param violation pattern that occurs in what is found
 * @param edits of production code
 */
record Mutant(String name, String fault, int sites, int members, int within, String violation, List<Edit> edits) {
    /**
     * Some lines of a file become others.
     *
     * @param type whose file
     * @param before occurs there exactly once, apart from how it is indented
     */
    record Edit(String type, List<String> before, List<String> after) {}

    boolean expects(String found) {
        return Pattern.compile(violation).matcher(found).find();
    }

    boolean isNotCounted() {
        return within == 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
