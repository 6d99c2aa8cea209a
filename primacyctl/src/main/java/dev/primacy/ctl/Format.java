// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

/** How a table is printed. */
enum Format {
    pretty,
    tsv,
    json,
    yaml,
    yml
}
