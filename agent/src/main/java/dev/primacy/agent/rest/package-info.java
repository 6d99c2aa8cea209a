// SPDX-License-Identifier: Apache-2.0
/** The REST API, with Patroni's paths, bodies and status codes: {@link dev.primacy.agent.rest.RestServer}. */
@NullMarked
package dev.primacy.agent.rest;

import org.jspecify.annotations.NullMarked;
