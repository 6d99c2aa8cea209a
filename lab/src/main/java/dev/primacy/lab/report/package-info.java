// SPDX-License-Identifier: Apache-2.0
/** A run as one self-contained HTML file with a picture. Open {@link dev.primacy.lab.report.Report} first. */
@NullMarked
package dev.primacy.lab.report;

import org.jspecify.annotations.NullMarked;
