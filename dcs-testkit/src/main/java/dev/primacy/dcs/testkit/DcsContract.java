// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import org.junit.jupiter.api.Nested;

/** All aspects of the contract, for one fixture: {@code class MyContractTest extends DcsContract}. */
public abstract class DcsContract {
    /** A new fixture, with an empty scope. Called once for each case. */
    protected abstract DcsFixture fixture();

    @Nested
    final class Snapshots extends SnapshotContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class ConditionalWrites extends ConditionalWriteContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Locks extends LockContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Tenures extends TenureContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Leases extends LeaseContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Members extends MemberContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Watches extends WatchContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Lifecycles extends LifecycleContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }

    @Nested
    final class Faults extends FaultContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }
}
