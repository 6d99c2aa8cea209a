// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

import java.time.Duration;

/**
 * What an incident did to the writer.
 *
 * @param incident which
 * @param outage the longest time without an ack of any node
 * @param acknowledged rows acknowledged in its time
 * @param lost acknowledged rows that the final table lacks because of it
 * @param lostBytes WAL that was lost with them
 * @param twoWritable time in which two nodes acknowledged rows
 */
public record Outcome(
        Incident incident, Interval outage, int acknowledged, int lost, long lostBytes, Duration twoWritable) {}
