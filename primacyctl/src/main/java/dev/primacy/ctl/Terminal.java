// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/** Talks to a person. */
final class Terminal {
    private final BufferedReader in;
    private final PrintWriter out;

    Terminal(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }

    /** Asks for a text; an empty answer, and no answer at all where there is a default, is {@code otherwise}. */
    String ask(String question, String otherwise) {
        out.print(question + (otherwise.isEmpty() ? " []: " : " [" + otherwise + "]: "));
        out.flush();
        String answer = line();
        return answer.isBlank() ? otherwise : answer.strip();
    }

    /**
     * Asks whether to go on.
     *
     * @throws CtlException if not
     */
    void confirm(String question, String otherwise) {
        if (!isConfirmed(question)) {
            throw new CtlException(otherwise);
        }
    }

    boolean isConfirmed(String question) {
        out.print(question + " [y/N]: ");
        out.flush();
        return List.of("y", "yes").contains(line().strip().toLowerCase(Locale.ROOT));
    }

    private String line() {
        try {
            String line = in.readLine();
            if (line == null) {
                throw new CtlException("Aborted!");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read what was typed", e);
        }
    }

    /** All that comes from standard input. */
    String rest() {
        StringBuilder all = new StringBuilder();
        in.lines().forEach(line -> all.append(line).append('\n'));
        return all.toString();
    }
}
