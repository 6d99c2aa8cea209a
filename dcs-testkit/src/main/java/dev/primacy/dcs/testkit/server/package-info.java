// SPDX-License-Identifier: Apache-2.0
/** Real servers for tests, as processes that can be killed, frozen and restarted, and certificates for them. */
@NullMarked
package dev.primacy.dcs.testkit.server;

import org.jspecify.annotations.NullMarked;
