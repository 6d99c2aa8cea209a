// SPDX-License-Identifier: Apache-2.0
/** {@code patroni.yml}: read into {@link dev.primacy.agent.config.AgentConfig}, or refused with all that is wrong with it. */
@NullMarked
package dev.primacy.agent.config;

import org.jspecify.annotations.NullMarked;
