// SPDX-License-Identifier: Apache-2.0
package dev.primacy.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Counts TCP connections as the kernel lists them. */
final class Connections {
    private static final String ESTABLISHED = "01";
    private static final int REMOTE = 2;
    private static final int STATE = 3;

    private Connections() {}

    /** Established ones to the hosts of these servers, at whatever port; nobody else may use them. */
    static int to(List<InetSocketAddress> servers) {
        return (int) Stream.of("tcp", "tcp6")
                .flatMap(table -> lines(Path.of("/proc/self/net", table)).stream())
                .map(line -> line.trim().split("\\s+", -1))
                .filter(columns -> columns[STATE].equals(ESTABLISHED)
                        && servers.stream().anyMatch(server -> columns[REMOTE].contains(hexadecimal(server))))
                .count();
    }

    private static List<String> lines(Path table) {
        try {
            return Files.readAllLines(table);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + table, e);
        }
    }

    /** As the kernel writes it: the address in the byte order of this machine. */
    private static String hexadecimal(InetSocketAddress server) {
        byte[] address = server.getAddress().getAddress();
        List<String> bytes = new ArrayList<>();
        for (int i = address.length - 1; i >= 0; i--) {
            bytes.add(String.format(Locale.ROOT, "%02X", address[i]));
        }
        return String.join("", bytes) + ":";
    }
}
