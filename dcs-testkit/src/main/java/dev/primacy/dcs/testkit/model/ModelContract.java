// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.memory.MemoryStore;
import dev.primacy.dcs.testkit.DcsFixture;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever sequence of verbs two sessions go through, a backend ends each of them as the store in memory does. */
public abstract class ModelContract {
    /** Longer than any sequence takes, since sessions that expire are another suite's business. */
    private static final Duration TTL = Duration.ofSeconds(30);

    /** A new fixture, with an empty scope. Called once for each sequence. */
    protected abstract DcsFixture fixture();

    @Property(tries = 25)
    final void everySequenceEndsAsInTheModel(@ForAll("sequences") List<Step> steps) {
        try (DcsFixture fixture = fixture();
                Dcs first = fixture.open("a", TTL);
                Dcs second = fixture.open("b", TTL)) {
            MemoryStore store = new MemoryStore(fixture.clock());
            Side model = new Side(store.open("a", TTL), store.open("b", TTL));
            Side real = new Side(first, second);
            for (Step step : steps) {
                assertThat(real.perform(step)).as("%s", step).isEqualTo(model.perform(step));
            }
            Step look = new Step.Look(true);
            assertThat(real.perform(look)).as("in the end").isEqualTo(model.perform(look));
        }
    }

    @Provide
    final Arbitrary<List<Step>> sequences() {
        return Step.sequences();
    }
}
