// SPDX-License-Identifier: Apache-2.0
/** Measures backends against real servers. */
@NullMarked
package dev.primacy.bench;

import org.jspecify.annotations.NullMarked;
