// SPDX-License-Identifier: Apache-2.0
/**
 * The backend for ZooKeeper, in the layout that Patroni uses. Open {@link
 * dev.primacy.dcs.zookeeper.ZooKeeperProvider} first; {@code SessionProof} says why a lease is never counted too long.
 */
@NullMarked
package dev.primacy.dcs.zookeeper;

import org.jspecify.annotations.NullMarked;
