// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import dev.primacy.time.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens a backend by the name of its section in {@code patroni.yml}. Found through {@link ServiceLoader}. */
public interface DcsProvider {
    /** The section's name, for example {@code zookeeper}. */
    String name();

    /**
     * Opens a session, without waiting for the store: a store that is down shows in the verbs.
     *
     * @param section the section's content as parsed from YAML
     * @throws IllegalArgumentException with all that is wrong with the section
     */
    Dcs open(Scope scope, Map<String, Object> section, MonotonicClock clock);

    /** The provider of that name. */
    static DcsProvider named(String name) {
        List<DcsProvider> found =
                all().stream().filter(provider -> provider.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException((found.isEmpty() ? "no" : "more than one") + " backend named '" + name
                    + "' on the class path; there are: "
                    + all().stream().map(DcsProvider::name).sorted().toList());
        }
        return found.get(0);
    }

    /** All providers on the class path. */
    static List<DcsProvider> all() {
        return ServiceLoader.load(DcsProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Which tree to open, and for whom.
     *
     * @param path for example {@code /service/demo}
     * @param session a name for the session that people can recognise, for example {@code fra1}
     * @param ttl how long the store keeps what belongs to a silent session
     */
    record Scope(String path, String session, Duration ttl) {
        public Scope {
            path = ("/" + path).replaceAll("/+", "/").replaceAll("/$", "");
        }
    }
}
