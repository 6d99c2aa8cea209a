// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.testkit.history.HistoryContract;
import dev.primacy.dcs.testkit.server.StoreServers;
import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;

class MemoryHistoryTest extends HistoryContract {
    @Override
    protected StoreServers start() {
        return StoreServers.none();
    }

    @Override
    protected DcsFixture fixture(StoreServers servers) {
        MonotonicClock clock = BootClock.system();
        return new MemoryFixture(clock, time -> RealTime.pass(clock, time), MemoryFixture.Variant.CORRECT);
    }
}
