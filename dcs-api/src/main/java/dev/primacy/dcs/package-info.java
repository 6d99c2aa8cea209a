// SPDX-License-Identifier: Apache-2.0
/**
 * The consensus store as everything above sees it. Open {@link dev.primacy.dcs.Dcs} first: a handful of verbs, each with
 * a timeout, each telling a lost race (a value) from a store that did not answer (a {@link
 * dev.primacy.dcs.DcsException}). Values are text here; {@link dev.primacy.dcs.record} knows what they mean.
 */
@NullMarked
package dev.primacy.dcs;

import org.jspecify.annotations.NullMarked;
