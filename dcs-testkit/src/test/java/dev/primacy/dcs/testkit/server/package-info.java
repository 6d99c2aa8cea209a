// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.primacy.dcs.testkit.server;

import org.jspecify.annotations.NullMarked;
