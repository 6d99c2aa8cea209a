// SPDX-License-Identifier: Apache-2.0
/** TLS of the REST API, on both of its ends: {@link dev.primacy.agent.tls.Tls}. */
@NullMarked
package dev.primacy.agent.tls;

import org.jspecify.annotations.NullMarked;
