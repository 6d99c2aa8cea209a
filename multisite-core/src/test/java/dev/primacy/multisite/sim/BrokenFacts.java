// SPDX-License-Identifier: Apache-2.0
package dev.primacy.multisite.sim;

import dev.primacy.multisite.SiteFacts;
import dev.primacy.multisite.SiteFacts.Position;
import java.util.Optional;

/** Members that leave out what a decision rests on. */
final class BrokenFacts {
    private BrokenFacts() {}

    /** A switchover begins and ends as if timeline numbers and received bytes told whose data is a part of whose. */
    static SiteFacts trustingNumbers(SiteFacts real) {
        return new SiteFacts(
                real.member(),
                real.localTerm(),
                real.address(),
                real.systemIdentifier(),
                real.position().map(at -> new Position(at.timeline(), at.lsn(), at.lsn())),
                real.primary(),
                real.stopped(),
                Optional.empty());
    }
}
