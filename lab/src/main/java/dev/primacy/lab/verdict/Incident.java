// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab.verdict;

/**
 * Something done to the group on purpose.
 *
 * @param key short, for example {@code a}
 * @param title for people
 * @param planned whether it must not lose anything
 * @param time from its begin until everybody was settled again
 */
public record Incident(String key, String title, boolean planned, Interval time) {}
