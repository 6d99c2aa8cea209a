// SPDX-License-Identifier: Apache-2.0
/**
 * Groups of sites as real processes on this host: agents, each with its PostgreSQL, an embedded ZooKeeper ensemble, a
 * writer that notes every acknowledged row. Open {@link dev.primacy.lab.Group} first. Linux only: it reads {@code /proc}.
 */
@NullMarked
package dev.primacy.lab;

import org.jspecify.annotations.NullMarked;
