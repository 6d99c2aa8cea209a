// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.time.Duration;

/**
 * What a store can do. Callers adapt, or refuse at the start with a message that names the limit; nobody asks which store
 * it is.
 *
 * @param ttl what this session was granted; may differ from what was asked for
 * @param maxValueBytes the longest value of a record
 * @param atomicSnapshot whether a snapshot shows one moment; if not, each record in it is of a moment after the call
 */
public record DcsCapabilities(Duration ttl, int maxValueBytes, boolean atomicSnapshot) {}
