// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

/**
 * What became of an order.
 *
 * @param done whether it was done, or begun where that is what is waited for
 * @param text in Patroni's words where it has some
 */
public record OrderAnswer(boolean done, String text) {}
