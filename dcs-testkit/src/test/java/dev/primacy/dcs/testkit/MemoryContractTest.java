// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

class MemoryContractTest extends DcsContract {
    @Override
    protected DcsFixture fixture() {
        return MemoryFixture.virtual(MemoryFixture.Variant.CORRECT);
    }
}
