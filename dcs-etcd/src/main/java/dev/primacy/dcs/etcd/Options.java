// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the section says.
 *
 * @param hosts where servers are; empty with {@code srv}
 * @param discovery whether the store is asked for further members
 */
record Options(List<Address> hosts, Optional<Srv> srv, boolean discovery, Tls tls, Optional<Login> login) {
    /**
     * A DNS domain that names the servers.
     *
     * @param suffix of the service names in it, or empty
     * @param secure whether they speak TLS; empty: DNS says so
     */
    record Srv(String domain, String suffix, Optional<Boolean> secure) {}

    /** Files in PEM form. Without an authority those that Java trusts are trusted. */
    record Tls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {}

    /** Whoever logs in. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user + ":***";
        }
    }

    static Options of(String name, Map<String, Object> section) {
        return new OptionsReader(name, section).read();
    }
}
