// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import dev.primacy.dcs.testkit.model.ModelContract;

class MemoryModelTest extends ModelContract {
    @Override
    protected DcsFixture fixture() {
        return MemoryFixture.virtual(MemoryFixture.Variant.CORRECT);
    }
}
