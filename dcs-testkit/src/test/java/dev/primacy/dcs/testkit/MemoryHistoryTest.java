// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.time.BootClock;
import dev.primacy.time.MonotonicClock;

class MemoryHistoryTest extends HistoryContract {
    @Override
    protected DcsFixture fixture() {
        MonotonicClock clock = BootClock.system();
        return new MemoryFixture(clock, time -> RealTime.pass(clock, time), MemoryFixture.Variant.CORRECT);
    }
}
