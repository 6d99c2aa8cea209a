// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.primacy.dcs.kubernetes;

import org.jspecify.annotations.NullMarked;
