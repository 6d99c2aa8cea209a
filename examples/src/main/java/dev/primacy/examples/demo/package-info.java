// SPDX-License-Identifier: Apache-2.0
/**
 * The demo behind {@code bin/demo}: two sites on this machine, what can happen to them, and what a writer notices of it.
 * Open {@link dev.primacy.examples.demo.Scenes} first.
 */
@NullMarked
package dev.primacy.examples.demo;

import org.jspecify.annotations.NullMarked;
