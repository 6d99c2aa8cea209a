// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.Dcs;

/** A fixture whose sessions reach their store over a network that can be disturbed. */
public interface RemoteFixture extends DcsFixture {
    /** All that lies between this session and the servers. */
    FaultProxy network(Dcs session);

    @Override
    default void silence(Dcs session) {
        network(session).freeze();
    }

    @Override
    default void hear(Dcs session) {
        network(session).heal();
    }
}
