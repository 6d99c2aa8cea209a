// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file or named pipe in a watchdog's place, to see what one would be told: Patroni's driver {@code testing}. */
final class WatchdogFile implements WatchdogDevice {
    private final Path path;
    private final ByteChannel channel;

    WatchdogFile(Path path) {
        this.path = path;
        try {
            this.channel = Files.newByteChannel(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        } catch (IOException e) {
            throw new PostgresException("cannot open " + path + " in a watchdog's place: " + e, e);
        }
    }

    @Override
    public int setTimeout(int seconds) {
        write("Ctimeout=" + seconds + "\n");
        return seconds;
    }

    @Override
    public void keepAlive() {
        write("1");
    }

    @Override
    public void close() {
        try (channel) {
            write("V");
        } catch (IOException e) {
            throw new PostgresException("cannot close " + path + ": " + e, e);
        }
    }

    private void write(String text) {
        try {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw new PostgresException("cannot write to " + path + " in a watchdog's place: " + e, e);
        }
    }
}
