// SPDX-License-Identifier: Apache-2.0
package dev.primacy.postgres;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything {@code LocalPostgres} must know.
 *
 * @param clusterName value of {@code cluster_name}; shown in process titles
 * @param memberName this member; the {@code application_name} of its WAL receiver
 * @param binDir folder with {@code postgres}, {@code pg_ctl}, {@code pg_basebackup} and the rest
 * @param dataDir the data directory
 * @param listenAddresses as in {@code listen_addresses}
 * @param port TCP port
 * @param parameters further settings for {@code postgresql.conf}; the caller's win over defaults
 * @param hba lines of {@code pg_hba.conf}
 * @param initdbOptions for example {@code data-checksums} or {@code encoding=UTF8}
 * @param superuser for the agent's own sessions and for {@code pg_rewind}
 * @param replication for WAL receivers and {@code pg_basebackup}
 * @param osUser the user that servers run as when this process is root; none takes {@code postgres}
 */
public record PostgresSettings(
        String clusterName,
        String memberName,
        Path binDir,
        Path dataDir,
        List<String> listenAddresses,
        int port,
        Map<String, String> parameters,
        List<String> hba,
        List<String> initdbOptions,
        Login superuser,
        Login replication,
        Optional<String> osUser) {
    public PostgresSettings {
        listenAddresses = List.copyOf(listenAddresses);
        parameters = Map.copyOf(parameters);
        hba = List.copyOf(hba);
        initdbOptions = List.copyOf(initdbOptions);
    }

    /**
     * Looks for everything that would keep {@code LocalPostgres} from working with these settings: programs, users,
     * folders and their owners. Changes nothing.
     *
     * @return one message each, which names the setting and says what to do; empty if all is well
     */
    public List<String> check() {
        return SettingsCheck.problems(this);
    }

    /** The same server with other parameters and access rules. */
    PostgresSettings with(Map<String, String> newParameters, List<String> newHba) {
        return new PostgresSettings(
                clusterName,
                memberName,
                binDir,
                dataDir,
                listenAddresses,
                port,
                newParameters,
                newHba,
                initdbOptions,
                superuser,
                replication,
                osUser);
    }

    /**
     * A database user.
     *
     * @param username the name
     * @param password none for trusted connections; never printed
     */
    public record Login(String username, Optional<String> password) {
        @Override
        public String toString() {
            return username;
        }
    }
}
