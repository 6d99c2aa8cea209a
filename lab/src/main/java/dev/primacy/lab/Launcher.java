// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Starts processes until it is closed, so that nothing starts behind the back of the one who cleans up. */
final class Launcher implements AutoCloseable {
    private boolean closed;

    synchronized Process start(ProcessBuilder builder) {
        if (closed) {
            throw new LabException("the group is being closed");
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + builder.command().get(0), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
