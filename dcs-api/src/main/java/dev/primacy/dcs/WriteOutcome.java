// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs;

import java.util.Optional;

/** How a conditional write ended. */
public sealed interface WriteOutcome {
    /** It happened. After a deletion the version has no use. */
    record Done(Version version) implements WriteOutcome {}

    /** What was expected did not hold; nothing was written. */
    record Conflict(Optional<Stored> current) implements WriteOutcome {}
}
