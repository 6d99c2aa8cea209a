// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

/** Publishes a member as a service of Consul. */
public final class ServiceRegistration {
    private ServiceRegistration() {}
}
