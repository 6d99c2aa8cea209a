// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.testkit.DcsFixture;
import dev.primacy.dcs.testkit.HistoryContract;

class ConsulThreeHistoryTest extends HistoryContract {
    @Override
    protected DcsFixture fixture() {
        return new ConsulFixture(Servers.three());
    }
}
