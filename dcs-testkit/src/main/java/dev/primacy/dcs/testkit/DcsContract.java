// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import org.junit.jupiter.api.Nested;

/**
 * All aspects of the contract that need no network. Backends of stores that are reached over one extend {@link
 * RemoteDcsContract}.
 */
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
    final class Capabilities extends CapabilityContract {
        @Override
        protected DcsFixture fixture() {
            return DcsContract.this.fixture();
        }
    }
}
