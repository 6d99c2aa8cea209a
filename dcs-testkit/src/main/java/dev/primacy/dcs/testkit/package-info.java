// SPDX-License-Identifier: Apache-2.0
/**
 * The contract of a backend. Its author writes one {@link dev.primacy.dcs.testkit.DcsFixture} and two test classes of a few
 * lines: one extends {@link dev.primacy.dcs.testkit.DcsContract}, one {@link dev.primacy.dcs.testkit.HistoryContract}. The
 * cases are final: a backend passes them or says in its fixture what it cannot be asked, which then shows as skipped.
 */
@NullMarked
package dev.primacy.dcs.testkit;

import org.jspecify.annotations.NullMarked;
