// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.primacy.dcs.testkit.history;

import org.jspecify.annotations.NullMarked;
