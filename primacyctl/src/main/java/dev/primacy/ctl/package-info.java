// SPDX-License-Identifier: Apache-2.0
/**
 * The command line for people who run clusters. A command reads the cluster out of its store and asks members over their
 * REST API, as Patroni's own does: {@link dev.primacy.ctl.Main}.
 */
@NullMarked
package dev.primacy.ctl;

import org.jspecify.annotations.NullMarked;
