// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts {@link AgentMain}. */
final class Agents {
    private Agents() {}

    /** Returns when its server accepts connections, which it may as a primary for a few minutes. */
    static Process start(PostgresSettings settings, String role) throws IOException {
        return start(settings, role, "360");
    }

    /** The same, with another time in seconds, and a fence command if there is one more. */
    @SuppressWarnings("resource")
    static Process start(PostgresSettings settings, String role, String... seconds) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName(),
                String.valueOf(settings.dataDir().getParent()),
                settings.memberName(),
                Integer.toString(settings.port()),
                role));
        command.addAll(List.of(seconds));
        Process agent = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        expect("ready", agent);
        return agent;
    }

    /** Has it renew its right for as long as at its start. */
    static void renew(Process agent) throws IOException {
        agent.getOutputStream().write('\n');
        agent.getOutputStream().flush();
        expect("renewed", agent);
    }

    private static void expect(String expected, Process agent) throws IOException {
        String line =
                new BufferedReader(new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!expected.equals(line)) {
            agent.destroyForcibly();
            throw new AssertionError("the agent said: " + line);
        }
    }
}
