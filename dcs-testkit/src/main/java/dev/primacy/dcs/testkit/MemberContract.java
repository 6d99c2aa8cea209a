// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.Stored;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Member records live as long as the session that registered them. */
@Tag("Members")
public abstract class MemberContract extends ContractCase {
    @Test
    final void aMemberIsSeenByAll() {
        a.register("node-1", "one", TIMEOUT);
        b.register("node-2", "two", TIMEOUT);
        assertThat(snapshot(a).members().keySet()).containsExactly("node-1", "node-2");
        assertThat(snapshot(b).members().values().stream().map(Stored::value)).containsExactly("one", "two");
    }

    @Test
    final void registeringAgainChangesTheValue() {
        a.register("node-1", "one", TIMEOUT);
        a.register("node-1", "more", TIMEOUT);
        a.register("node-1", "more", TIMEOUT);
        assertThat(member("node-1")).hasValue("more");
        assertThat(snapshot(b).members()).hasSize(1);
    }

    @Test
    final void membersGoWithTheirClosedSession() {
        a.register("node-1", "one", TIMEOUT);
        b.register("node-2", "two", TIMEOUT);
        a.close();
        atOnce(
                "the closed session's member is gone",
                () -> !snapshot(b).members().containsKey("node-1"));
        assertThat(snapshot(b).members()).containsKey("node-2");
    }

    @Test
    final void membersGoWithTheirSilentSession() {
        a.register("node-1", "one", TIMEOUT);
        fixture.silence(a);
        within(
                fixture.ttl().plus(fixture.grace()),
                "the silent session's member is gone",
                () -> snapshot(b).members().isEmpty());
    }

    /** Callers do not register what has not changed. */
    @Test
    final void aMemberStaysForAsLongAsItsSessionLooks() {
        a.register("node-1", "one", TIMEOUT);
        for (int i = 0; i < 8; i++) {
            fixture.pass(fixture.ttl().dividedBy(4));
            snapshot(a);
        }
        assertThat(snapshot(b).members()).containsKey("node-1");
    }

    @Test
    final void aSessionTakesOverWhatAnotherOneLeft() {
        a.register("node-1", "same", TIMEOUT);
        b.register("node-1", "same", TIMEOUT);
        assertThat(member("node-1")).hasValue("same");
        a.close();
        fixture.pass(fixture.ttl().dividedBy(4));
        assertThat(snapshot(b).members()).as("it is the second session's now").containsKey("node-1");
    }

    @Test
    final void theLockAndTheMembersAreTwoThings() {
        a.register("site-1", "member", TIMEOUT);
        acquire(b, "site-1");
        a.close();
        atOnce("the member is gone", () -> snapshot(b).members().isEmpty());
        assertThat(holder(b)).hasValue("site-1");
    }

    private Optional<String> member(String name) {
        return Optional.ofNullable(snapshot(b).members().get(name)).map(Stored::value);
    }
}
