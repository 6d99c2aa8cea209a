// SPDX-License-Identifier: Apache-2.0
/**
 * What a run has shown: pure functions from the acknowledged rows and the final content of the table. Open
 * {@link dev.primacy.lab.verdict.Verdict} first.
 */
@NullMarked
package dev.primacy.lab.verdict;

import org.jspecify.annotations.NullMarked;
