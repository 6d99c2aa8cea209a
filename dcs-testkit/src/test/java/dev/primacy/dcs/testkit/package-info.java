// SPDX-License-Identifier: Apache-2.0
/** The memory backend passes the contract; deliberately broken ones do not. */
@NullMarked
package dev.primacy.dcs.testkit;

import org.jspecify.annotations.NullMarked;
