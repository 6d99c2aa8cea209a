// SPDX-License-Identifier: Apache-2.0
package dev.primacy.examples.backend;

import dev.primacy.dcs.DcsException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Runs transactions: each ends in time, and an exception says no more than is known. May be used by any thread. */
final class Database implements AutoCloseable {
    /** Classes of SQLSTATE where trying again will not help: login, permission, no such table, bad or too long a value. */
    private static final Set<String> FOR_GOOD = Set.of("0A", "22", "23", "28", "3D", "3F", "42", "54");

    /** The server ended this connection, or nobody is there. */
    private static final Set<String> CONNECTION = Set.of("08", "57");

    private final String url;
    private final Properties login;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    /** A thread lives for a second longer than its work. */
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "jdbc-dcs");
                thread.setDaemon(true);
                return thread;
            });

    Database(String url, Properties login) {
        this.url = url;
        this.login = login;
        // An acknowledged commit that a crash undoes would bring an older beat back: a live holder looks dead.
        login.setProperty("options", "-c synchronous_commit=on");
        // In seconds: the end of a login that nobody waits for any more.
        login.setProperty("connectTimeout", "10");
        login.setProperty("socketTimeout", "10");
    }

    /** What is done in a transaction. May be run again if it did not come to its end. */
    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /**
     * Runs {@code work} and commits.
     *
     * @param doing what is tried and on what, for people
     * @param writes whether it matters if it happened
     */
    <T> T run(String doing, boolean writes, Duration timeout, Work<T> work) {
        Attempt<T> attempt = new Attempt<>(work);
        FutureTask<T> answer = new FutureTask<>(attempt::run);
        // On another thread: neither a name look-up nor a read from a socket can be told to end at an instant.
        threads.execute(answer);
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            attempt.giveUp();
            String seconds = String.format(Locale.ROOT, "%.1f", timeout.toMillis() / 1e3);
            throw attempt.problem(doing, writes, "no answer within " + seconds + " s", e);
        } catch (InterruptedException e) {
            attempt.giveUp();
            Thread.currentThread().interrupt();
            throw attempt.problem(doing, writes, "interrupted", e);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof SQLException)) {
                throw new IllegalStateException(doing, e.getCause());
            }
            throw attempt.problem(doing, writes, String.valueOf(e.getCause().getMessage()), e.getCause());
        }
    }

    private enum State {
        BEFORE_COMMIT,
        COMMITTING,
        GIVEN_UP
    }

    private final class Attempt<T> {
        private final Work<T> work;
        private final AtomicReference<State> state = new AtomicReference<>(State.BEFORE_COMMIT);
        private volatile @Nullable Connection used;

        Attempt(Work<T> work) {
            this.work = work;
        }

        T run() throws SQLException {
            for (Connection kept = idle.poll(); kept != null; kept = idle.poll()) {
                try {
                    return run(kept);
                } catch (SQLException e) {
                    // A connection that broke while it lay idle. Nothing was committed on it, so it may be tried again.
                    if (state.get() != State.BEFORE_COMMIT || !CONNECTION.contains(sqlClass(e))) {
                        throw e;
                    }
                }
            }
            Connection fresh = DriverManager.getConnection(url, login);
            fresh.setAutoCommit(false);
            fresh.setNetworkTimeout(Runnable::run, 0);
            return run(fresh);
        }

        private T run(Connection connection) throws SQLException {
            used = connection;
            try {
                if (state.get() == State.GIVEN_UP) {
                    throw new SQLException("nobody waits any more");
                }
                T result = work.run(connection);
                // From here on it may happen. Who gave up before this line was told that it surely did not.
                if (!state.compareAndSet(State.BEFORE_COMMIT, State.COMMITTING)) {
                    throw new SQLException("nobody waits any more");
                }
                connection.commit();
                idle.add(connection);
                if (closed) {
                    close();
                }
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.abort(Runnable::run);
                throw e;
            }
        }

        void giveUp() {
            state.compareAndSet(State.BEFORE_COMMIT, State.GIVEN_UP);
            Connection connection = used;
            if (connection != null) {
                threads.execute(() -> abort(connection));
            }
        }

        DcsException problem(String doing, boolean writes, String what, Throwable cause) {
            // The user and the password may stand behind the question mark.
            String message = doing + ": " + url.replaceAll("\\?.*", "") + ": " + what;
            if (writes && state.get() == State.COMMITTING) {
                return new DcsException.OutcomeUnknown(message + "; it may have happened, look again", cause);
            }
            return cause instanceof SQLException e && FOR_GOOD.contains(sqlClass(e))
                    ? new DcsException.Rejected(message + "; check the login, and that schema.sql was run", cause)
                    : new DcsException.Unreachable(message + "; check that it runs and is reachable", cause);
        }
    }

    private static String sqlClass(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.length() < 2 ? "" : state.substring(0, 2);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot let go of a connection", e);
        }
    }

    /** Ends the connections; those in use end with their transaction. */
    @Override
    public void close() {
        closed = true;
        for (Connection kept = idle.poll(); kept != null; kept = idle.poll()) {
            abort(kept);
        }
    }
}
