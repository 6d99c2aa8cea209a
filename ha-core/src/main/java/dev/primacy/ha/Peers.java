// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.ha.decide.Peer;
import java.time.Duration;
import java.util.Map;

/** Asks other members directly how far their data goes, which no record in the store can say as freshly. */
@FunctionalInterface
public interface Peers {
    /**
     * Asks all at the same time.
     *
     * @param apiUrls by member name, as the members published them
     * @param timeout for all answers together; who has not answered by then is left out
     */
    Map<String, Peer> ask(Map<String, String> apiUrls, Duration timeout);
}
