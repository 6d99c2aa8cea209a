// SPDX-License-Identifier: Apache-2.0
/**
 * What a member does next: pure functions from what was observed. {@link dev.primacy.ha.decide.Decisions} is the entry;
 * the line that decides a promotion is in {@link dev.primacy.ha.decide.WithLock}.
 */
@NullMarked
package dev.primacy.ha.decide;

import org.jspecify.annotations.NullMarked;
