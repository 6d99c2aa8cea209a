// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.history;

import dev.primacy.time.MonotonicInstant;

/** Somebody relied on the lock for this time. */
record Belief(String client, long term, MonotonicInstant from, MonotonicInstant until) {}
