// SPDX-License-Identifier: Apache-2.0
/**
 * What the values in the store mean, in Patroni's exact formats where Patroni has them: exact in writing, tolerant in
 * reading, and fields we do not know survive a round trip. A value that cannot be read is an {@link
 * dev.primacy.dcs.record.Entry.Corrupt}, never an absent one: an unreadable {@code initialize} must not look like a
 * cluster that was never founded.
 */
@NullMarked
package dev.primacy.dcs.record;

import org.jspecify.annotations.NullMarked;
