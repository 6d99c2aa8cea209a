// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.time.MonotonicInstant;

/**
 * An answer that may be believed.
 *
 * @param from who gave it
 * @param sent read before the request that was answered went out
 * @param repeated an earlier try of the same request got no answer, so it may have happened before this one
 */
record Answer<R>(R value, Endpoint from, MonotonicInstant sent, boolean repeated) {}
