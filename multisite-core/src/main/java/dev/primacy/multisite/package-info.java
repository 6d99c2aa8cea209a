// SPDX-License-Identifier: Apache-2.0
/**
 * Which of several sites may write. {@link dev.primacy.multisite.Multisite} takes part in a group and says at any time
 * where this site stands; {@link dev.primacy.multisite.SiteDecisions} is the table that decides, a pure function; {@link
 * dev.primacy.multisite.SiteStanding} is its outcome for others.
 */
@NullMarked
package dev.primacy.multisite;

import org.jspecify.annotations.NullMarked;
