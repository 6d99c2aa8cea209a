// SPDX-License-Identifier: Apache-2.0
/** Carries decisions out. Nothing is decided here. */
@NullMarked
package dev.primacy.ha.act;

import org.jspecify.annotations.NullMarked;
