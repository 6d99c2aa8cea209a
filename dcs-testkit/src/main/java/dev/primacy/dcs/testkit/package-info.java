// SPDX-License-Identifier: Apache-2.0
/**
 * The contract that any backend has to keep, as suites of JUnit cases. Extend {@link
 * dev.primacy.dcs.testkit.RemoteFixture}, then {@link dev.primacy.dcs.testkit.RemoteDcsContract}, {@link
 * dev.primacy.dcs.testkit.ServerFaultContract} and {@link dev.primacy.dcs.testkit.history.HistoryContract}. No case can be
 * overridden.
 */
@NullMarked
package dev.primacy.dcs.testkit;

import org.jspecify.annotations.NullMarked;
