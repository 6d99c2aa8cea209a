// SPDX-License-Identifier: Apache-2.0
/** Using Primacy inside another program. */
@NullMarked
package dev.primacy.examples.embed;

import org.jspecify.annotations.NullMarked;
