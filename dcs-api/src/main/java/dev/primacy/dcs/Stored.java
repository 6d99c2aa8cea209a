// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

/**
 * A record as the store holds it.
 *
 * @param value text; bytes that are no UTF-8 show as U+FFFD
 * @param version to make a later write conditional on
 */
public record Stored(String value, Version version) {}
