// SPDX-License-Identifier: Apache-2.0
/** What Patroni writes and understands, recorded by {@code bin/golden}, against what Primacy writes and understands. */
@NullMarked
package dev.primacy.dcs.golden;

import org.jspecify.annotations.NullMarked;
