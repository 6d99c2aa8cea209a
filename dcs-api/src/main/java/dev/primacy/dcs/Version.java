// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

/**
 * The state of one record at one time: equal versions of a key mean that nothing was written between. Only the store that
 * gave it can compare it.
 *
 * @param value the store's own number
 */
public record Version(long value) {}
