// SPDX-License-Identifier: Apache-2.0
/**
 * Histories: clients use a store while it is disturbed, everything that they did and saw is recorded, and then it is
 * checked whether a correct store could have answered like that.
 */
@NullMarked
package dev.primacy.dcs.testkit.history;

import org.jspecify.annotations.NullMarked;
