// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.backend.Hints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException.ConnectionLossException;
import org.apache.zookeeper.KeeperException.SessionExpiredException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One watch at the servers for each path that somebody watches, all on one session. */
final class Watches implements Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final Map<String, Watched> paths = new HashMap<>();
    private Optional<Session> session = Optional.empty();

    synchronized Dcs.Watch add(String path, Runnable action) {
        Watched watched = paths.computeIfAbsent(path, Watched::new);
        Dcs.Watch hint = watched.hints.add(action);
        session.ifPresent(watched::install);
        return () -> remove(watched, hint);
    }

    private synchronized void remove(Watched watched, Dcs.Watch hint) {
        hint.close();
        // If this is closed for the second time, another may stand there by now.
        if (watched.hints.isEmpty() && paths.remove(watched.path, watched)) {
            session.ifPresent(watched::uninstall);
        }
    }

    /** Whoever watches this path looks again. */
    void hint(String path) {
        Watched watched;
        synchronized (this) {
            watched = paths.get(path);
        }
        if (watched != null) {
            watched.hints.give();
        }
    }

    /** What happened while there was no connection is not told, so everybody looks again. */
    @Override
    public void changed(Optional<Session> now) {
        List<Watched> all;
        synchronized (this) {
            session = now;
            all = new ArrayList<>(paths.values());
        }
        for (Watched watched : all) {
            now.ifPresent(watched::install);
            watched.hints.give();
        }
    }

    private static final class Watched {
        private final String path;
        private final Hints hints = new Hints();
        /** Where the watch stands; the client renews it with each connection of that session. */
        private volatile @Nullable Session installed;

        private final Watcher watcher = this::happened;

        Watched(String path) {
            this.path = path;
        }

        private void happened(WatchedEvent event) {
            // The connection's own events come by another way.
            if (event.getType() != EventType.None) {
                hints.give();
            }
        }

        private void install(Session session) {
            if (session.equals(installed)) {
                return;
            }
            var unused = session.watch(path, watcher).whenComplete((done, problem) -> {
                if (problem == null) {
                    installed = session;
                    // Something may have changed before it stood.
                    hints.give();
                } else if (problem instanceof ConnectionLossException || problem instanceof SessionExpiredException) {
                    LOG.debug("watching {}: {}; the next connection tries again", path, problem.toString());
                } else {
                    LOG.warn(
                            "watching {}: {}; changes are seen only when somebody looks. Servers before 3.6 cannot watch"
                                    + " a tree",
                            path,
                            problem.toString());
                }
            });
        }

        private void uninstall(Session session) {
            var unused = session.unwatch(path, watcher).whenComplete((done, problem) -> {
                if (problem != null) {
                    LOG.debug("ending the watch of {}: {}", path, problem.toString());
                }
            });
        }
    }
}
