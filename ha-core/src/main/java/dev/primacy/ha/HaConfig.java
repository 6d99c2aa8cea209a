// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.record.Address;
import dev.primacy.time.LeaseTiming;
import java.time.Duration;

/**
 * Settings of one member.
 *
 * @param name of this member; no other member of the cluster has it
 * @param scope of the cluster
 * @param site this cluster's name among sites; its scope where there is one site only
 * @param address where other members and sites reach this PostgreSQL
 * @param apiUrl of this agent's REST API, as members publish it
 * @param version of the agent, integers and dots
 * @param timing of the leader lock
 * @param maximumLag how many bytes of the leader's published WAL a failover may lose
 * @param startTimeout how long a leader's server may take to serve before the lock is given up
 * @param stopTimeout how long a clean stop may take before the server is killed
 */
public record HaConfig(
        String name,
        String scope,
        String site,
        Address address,
        String apiUrl,
        String version,
        LeaseTiming timing,
        long maximumLag,
        Duration startTimeout,
        Duration stopTimeout) {
    public HaConfig {
        if (name.isBlank() || name.contains("/")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a member: give one without '/'");
        }
        if (maximumLag < 0) {
            throw new IllegalArgumentException("maximum_lag_on_failover must not be negative");
        }
    }
}
