// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ha;

import dev.primacy.ha.decide.Peer;
import dev.primacy.ha.failsafe.FailsafeCall;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

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

    /**
     * Asks all at the same time to promise not to claim the leader lock, as {@code POST /failsafe} does. Who cannot ask them
     * gets no promise.
     *
     * @return who promised
     */
    default Set<String> promised(Map<String, String> apiUrls, FailsafeCall call, Duration timeout) {
        return Set.of();
    }
}
