// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.Tags;
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
 * @param tags what the operator asks of this member, as it is published
 * @param cluster what holds for all members: at the start as the file has it, then as the store has it
 * @param stored what the leader puts into {@code config} if there is nothing that can be read: at the start what the file
 *     has for it, then what was read last; nothing is put there if it is empty
 * @param limits of the cluster's times, from what only this member knows
 */
public record HaConfig(
        String name,
        String scope,
        String site,
        Address address,
        String apiUrl,
        String version,
        Tags tags,
        ClusterConfig cluster,
        JsonObject stored,
        TimingLimits limits) {
    public HaConfig {
        if (name.isBlank() || name.contains("/")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a member: give one without '/'");
        }
    }

    /** A member without tags that puts no settings into the store. */
    public HaConfig(
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
        this(
                name,
                scope,
                site,
                address,
                apiUrl,
                version,
                Tags.NONE,
                new ClusterConfig(timing, maximumLag, false, startTimeout, stopTimeout, false, false),
                JsonObject.EMPTY,
                TimingLimits.NONE);
    }

    /** The same member in a cluster with other settings. */
    public HaConfig with(ClusterConfig now, JsonObject read) {
        return new HaConfig(name, scope, site, address, apiUrl, version, tags, now, read, limits);
    }

    /** The same member with other tags. */
    HaConfig with(Tags now) {
        return new HaConfig(name, scope, site, address, apiUrl, version, now, cluster, stored, limits);
    }

    /** Of the leader lock. */
    public LeaseTiming timing() {
        return cluster.timing();
    }

    public long maximumLag() {
        return cluster.maximumLag();
    }

    /** How long a start is waited for before it counts as still going on. */
    public Duration startTimeout() {
        return cluster.startTimeout().isZero() ? ClusterConfig.DEFAULT.startTimeout() : cluster.startTimeout();
    }

    public Duration stopTimeout() {
        return cluster.stopTimeout();
    }
}
