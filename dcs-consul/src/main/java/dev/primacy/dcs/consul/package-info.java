// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for Consul, in Patroni's layout. Open {@link dev.primacy.dcs.consul.ConsulProvider} first: it says what a
 * lease rests on here. {@link dev.primacy.dcs.consul.ServiceRegistration} stands beside it and publishes a member as a
 * Consul service.
 */
@NullMarked
package dev.primacy.dcs.consul;

import org.jspecify.annotations.NullMarked;
