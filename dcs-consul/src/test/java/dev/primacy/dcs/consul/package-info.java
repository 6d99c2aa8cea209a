// SPDX-License-Identifier: Apache-2.0
@NullMarked
package dev.primacy.dcs.consul;

import org.jspecify.annotations.NullMarked;
