// SPDX-License-Identifier: Apache-2.0
package dev.primacy.simulation.mutants;

import dev.primacy.simulation.mutants.Mutant.Edit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code mutants.txt}, whose head says how it is written. */
final class MutantList {
    private static final Pattern SHAPE = Pattern.compile("(\\d) x (\\d), (?:within (\\d+): (.+)|not counted)");

    private final List<Mutant> mutants = new ArrayList<>();
    private String name = "";
    private final List<String> fault = new ArrayList<>();
    private final List<Edit> edits = new ArrayList<>();
    private int sites;
    private int members;
    private int within;
    private String violation = "";

    private MutantList() {}

    static List<Mutant> read() {
        MutantList list = new MutantList();
        try (InputStream in = Objects.requireNonNull(MutantList.class.getResourceAsStream("mutants.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(list::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        list.end();
        return List.copyOf(list.mutants);
    }

    private void line(String line) {
        if (line.startsWith("== ")) {
            end();
            name = line.substring(3);
        } else if (line.startsWith("@ ")) {
            edits.add(new Edit(line.substring(2), new ArrayList<>(), new ArrayList<>()));
        } else if (!edits.isEmpty() && !line.isEmpty() && " -+".indexOf(line.charAt(0)) >= 0) {
            change(line.charAt(0), line.substring(1).strip());
        } else if (!line.isBlank() && !line.startsWith("#")) {
            Matcher shape = SHAPE.matcher(line);
            if (shape.matches()) {
                shape(shape);
            } else {
                fault.add(line);
            }
        }
    }

    private void change(char sign, String text) {
        Edit edit = edits.get(edits.size() - 1);
        if (sign != '+') {
            edit.before().add(text);
        }
        if (sign != '-') {
            edit.after().add(text);
        }
    }

    private void shape(Matcher shape) {
        sites = Integer.parseInt(shape.group(1));
        members = Integer.parseInt(shape.group(2));
        within = shape.group(3) == null ? 0 : Integer.parseInt(shape.group(3));
        violation = shape.group(4) == null ? "" : shape.group(4);
    }

    private void end() {
        if (!name.isEmpty()) {
            if (fault.isEmpty() || edits.isEmpty() || sites == 0) {
                throw new IllegalStateException(name + " is not complete");
            }
            mutants.add(
                    new Mutant(name, String.join(" ", fault), sites, members, within, violation, List.copyOf(edits)));
        }
        fault.clear();
        edits.clear();
        sites = 0;
    }
}
