// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha.failsafe;

import java.time.Duration;

/**
 * What a leader that cannot reach the store tells the other members.
 *
 * @param name of the leader
 * @param connUrl where its server is reached
 * @param apiUrl where its agent is reached
 * @param ttl how long it will rely on an answer, from before it asked
 */
public record FailsafeCall(String name, String connUrl, String apiUrl, Duration ttl) {}
