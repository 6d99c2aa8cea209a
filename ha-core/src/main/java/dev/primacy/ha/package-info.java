// SPDX-License-Identifier: Apache-2.0
/**
 * High availability for one member of one cluster. {@link dev.primacy.ha.HaLoop} runs the rounds: it observes, has {@link
 * dev.primacy.ha.decide.Decisions} decide, and has {@link dev.primacy.ha.act.Executor} carry that out. What stops a
 * primary in time, whatever hangs, is in {@link dev.primacy.ha.fencing.WriteRight}.
 */
@NullMarked
package dev.primacy.ha;

import org.jspecify.annotations.NullMarked;
