// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import dev.primacy.dcs.DcsClient.Scope;
import dev.primacy.time.MonotonicClock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Opens a backend by the name of its section in {@code patroni.yml}. Found through {@link ServiceLoader}. */
public interface DcsProvider {
    /** The section's name, for example {@code zookeeper}. */
    String name();

    /**
     * Makes a client, without waiting for the store.
     *
     * @param section the section's content as parsed from YAML
     * @throws IllegalArgumentException with all that is wrong with the section
     */
    DcsClient connect(Map<String, Object> section, MonotonicClock clock);

    /** Opens a session on connections of its own; see {@link DcsClient#open}. */
    default Dcs open(Scope scope, Map<String, Object> section, MonotonicClock clock) {
        try (DcsClient client = connect(section, clock)) {
            return client.open(scope);
        }
    }

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
}
