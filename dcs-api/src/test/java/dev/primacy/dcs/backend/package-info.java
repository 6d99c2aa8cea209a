// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.primacy.dcs.backend;

import org.jspecify.annotations.NullMarked;
