// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import org.junit.jupiter.api.Nested;

/** All aspects of the contract, for one fixture: {@code class MyContractTest extends RemoteDcsContract}. */
public abstract class RemoteDcsContract extends DcsContract {
    @Override
    protected abstract RemoteFixture fixture();

    @Nested
    final class Faults extends FaultContract {
        @Override
        protected RemoteFixture fixture() {
            return RemoteDcsContract.this.fixture();
        }
    }
}
