// SPDX-License-Identifier: Apache-2.0
/** The agent of one member: {@link dev.primacy.agent.Main} reads the file, {@link dev.primacy.agent.Agent} wires the parts. */
@NullMarked
package dev.primacy.agent;

import org.jspecify.annotations.NullMarked;
