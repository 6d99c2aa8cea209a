// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import dev.primacy.time.MonotonicInstant;

/**
 * What a node said at one moment.
 *
 * @param at before it was asked
 * @param node its name
 * @param status its answer
 */
public record Sample(MonotonicInstant at, String node, NodeStatus status) {}
