// SPDX-License-Identifier: Apache-2.0
/**
 * What people and programs notice when a cluster's parts fail, beside Patroni on the same machine in the same run. Begin
 * with {@link dev.primacy.bench.failover.Scenario}.
 */
@NullMarked
package dev.primacy.bench.failover;

import org.jspecify.annotations.NullMarked;
