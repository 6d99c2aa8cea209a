// SPDX-License-Identifier: Apache-2.0
/** The backend against real servers. */
@NullMarked
package dev.primacy.dcs.zookeeper;

import org.jspecify.annotations.NullMarked;
