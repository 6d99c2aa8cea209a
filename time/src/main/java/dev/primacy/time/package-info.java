// SPDX-License-Identifier: Apache-2.0
/**
 * Time that safety may count on. Every deadline of Primacy is a {@link dev.primacy.time.MonotonicInstant}, read from an
 * injected {@link dev.primacy.time.MonotonicClock}; what a lease is worth is computed in one place,
 * {@link dev.primacy.time.LeaseTiming}; everything that repeats runs in a {@link dev.primacy.time.Loop}.
 */
@NullMarked
package dev.primacy.time;

import org.jspecify.annotations.NullMarked;
