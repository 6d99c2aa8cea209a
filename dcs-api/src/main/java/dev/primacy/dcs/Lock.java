// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

/**
 * The leader lock in one tenure.
 *
 * @param holder value of the {@code leader} key: a member in a cluster, a site in a multisite group
 * @param session whose lock it is; two sessions of one name are two holders
 * @param term grows with every tenure, so it tells a late message of an old holder from one of the new: the fencing token
 * @param version of the key
 */
public record Lock(String holder, String session, long term, Version version) {}
