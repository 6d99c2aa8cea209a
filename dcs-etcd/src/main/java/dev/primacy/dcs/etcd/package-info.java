// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for etcd's v3 protocol, in the layout that Patroni uses. Open {@link dev.primacy.dcs.etcd.Etcd3Provider}
 * first; {@code LeaderLock} says why a lease is never counted too long, {@code ScopeView} why a snapshot is never old.
 */
@NullMarked
package dev.primacy.dcs.etcd;

import org.jspecify.annotations.NullMarked;
