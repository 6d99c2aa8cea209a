// SPDX-License-Identifier: Apache-2.0
/**
 * The Kubernetes API as a store, in Patroni's layout: begin with {@link dev.primacy.dcs.kubernetes.KubernetesProvider}.
 */
@NullMarked
package dev.primacy.dcs.kubernetes;

import org.jspecify.annotations.NullMarked;
