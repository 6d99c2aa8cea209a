// SPDX-License-Identifier: Apache-2.0
/** Random sequences of verbs, done by a backend and by the store in memory, must end alike. */
@NullMarked
package dev.primacy.dcs.testkit.model;

import org.jspecify.annotations.NullMarked;
