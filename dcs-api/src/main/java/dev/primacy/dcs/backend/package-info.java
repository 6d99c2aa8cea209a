// SPDX-License-Identifier: Apache-2.0
/** For authors of backends: what more than one of them needs. Nothing here shows in the API of a backend. */
@NullMarked
package dev.primacy.dcs.backend;

import org.jspecify.annotations.NullMarked;
