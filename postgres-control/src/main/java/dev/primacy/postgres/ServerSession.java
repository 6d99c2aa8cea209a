// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One session to the local server that is kept open, and replaced when it failed. */
final class ServerSession implements AutoCloseable {
    private final Sessions sessions;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Connection connection;

    ServerSession(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Something to ask in a session. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Runs {@code work}, in a new session if the kept one has ended. Never takes longer than twice the timeout. */
    <T> T ask(Duration timeout, Work<T> work) throws SQLException, InterruptedException {
        if (!lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new SQLTimeoutException("another question to the server has not been answered yet");
        }
        try {
            Connection kept = connection;
            if (kept != null) {
                Sessions.limit(kept, timeout);
                try {
                    return work.run(kept);
                } catch (SQLException e) {
                    forget();
                    if (Problem.of(e) == Problem.NO_ANSWER) {
                        throw e;
                    }
                    // The session may be that of a server that was restarted since.
                }
            }
            Connection fresh = sessions.local(timeout);
            connection = fresh;
            return work.run(fresh);
        } catch (SQLException e) {
            forget();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void forget() {
        Connection failed = connection;
        connection = null;
        if (failed != null) {
            try {
                failed.abort(Runnable::run);
            } catch (SQLException e) {
                throw new PostgresException("cannot let go of a failed session", e);
            }
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            forget();
        } finally {
            lock.unlock();
        }
    }

    /** What a failed session says of the server. */
    enum Problem {
        /** It refuses sessions because it starts or ends, or listens no more. */
        NOT_NOW,
        /** It answered, and does not let the agent in. */
        NO_ENTRY,
        /** It did not answer in time. */
        NO_ANSWER;

        static Problem of(SQLException failure) {
            String state = failure.getSQLState() == null ? "" : failure.getSQLState();
            if (state.startsWith("28") || state.equals("3D000")) {
                return NO_ENTRY;
            }
            // It ends, crashed or starts, and says so.
            if (state.startsWith("57P")) {
                return NOT_NOW;
            }
            // A session that was refused or cut has an I/O error for its cause; one that ran into the limit has none,
            // or
            // says timeout.
            Throwable cause = failure.getCause();
            boolean cut = cause instanceof IOException && !(cause instanceof SocketTimeoutException);
            return cut ? NOT_NOW : NO_ANSWER;
        }
    }
}
