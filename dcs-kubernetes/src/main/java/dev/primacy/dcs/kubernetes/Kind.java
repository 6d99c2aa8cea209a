// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

/** What kind of object a scope is kept in. */
enum Kind {
    /** The lock lies in the object that clients find the leader by. */
    ENDPOINTS("v1", "Endpoints", "endpoints", ""),
    CONFIG_MAPS("v1", "ConfigMap", "configmaps", "-leader"),
    LEASES("coordination.k8s.io/v1", "Lease", "leases", "-leader");

    private final String apiVersion;
    private final String kind;
    private final String plural;
    private final String leaderSuffix;

    Kind(String apiVersion, String kind, String plural, String leaderSuffix) {
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.plural = plural;
        this.leaderSuffix = leaderSuffix;
    }

    String apiVersion() {
        return apiVersion;
    }

    String kind() {
        return kind;
    }

    String plural() {
        return plural;
    }

    String leaderSuffix() {
        return leaderSuffix;
    }

    /** Where all objects of this kind are found in a namespace. */
    String path(String namespace) {
        return (apiVersion.equals("v1") ? "/api/" : "/apis/") + apiVersion + "/namespaces/" + namespace + "/" + plural;
    }
}
