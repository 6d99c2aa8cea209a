// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.DcsException.OutcomeUnknown;
import dev.primacy.dcs.DcsException.Rejected;
import dev.primacy.dcs.DcsException.Unreachable;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "CONNECTIONLOSS,     Unreachable, OutcomeUnknown",
        "OPERATIONTIMEOUT,   Unreachable, OutcomeUnknown",
        "REQUESTTIMEOUT,     Unreachable, OutcomeUnknown",
        "SESSIONEXPIRED,     Unreachable, OutcomeUnknown",
        "SYSTEMERROR,        Unreachable, OutcomeUnknown",
        "DATAINCONSISTENCY,  Unreachable, OutcomeUnknown",
        "RUNTIMEINCONSISTENCY, Unreachable, OutcomeUnknown",
        "THROTTLEDOP,        Unreachable, Unreachable",
        "SESSIONMOVED,       Unreachable, Unreachable",
        "NOTREADONLY,        Unreachable, Unreachable",
        "AUTHFAILED,         Rejected,    Rejected",
        "NOAUTH,             Rejected,    Rejected",
        "INVALIDACL,         Rejected,    Rejected",
        "BADARGUMENTS,       Rejected,    Rejected",
        "UNIMPLEMENTED,      Rejected,    Rejected",
        "QUOTAEXCEEDED,      Rejected,    Rejected",
    })
    void saysWhatMayBeConcluded(Code code, String ofRead, String ofWrite) {
        assertThat(of(code, false).getClass().getSimpleName()).isEqualTo(ofRead);
        assertThat(of(code, true).getClass().getSimpleName()).isEqualTo(ofWrite);
    }

    @ParameterizedTest
    // Those left out are no answers.
    @EnumSource(
            value = Code.class,
            names = {"OK", "UNKNOWNSESSION"},
            mode = EnumSource.Mode.EXCLUDE)
    void everyCodeIsALostRaceOrAnExceptionThatNamesWhatWasTried(Code code) {
        if (!Errors.isLostRace(code)) {
            assertThat(of(code, true))
                    .isInstanceOfAny(Unreachable.class, OutcomeUnknown.class, Rejected.class)
                    .hasMessageStartingWith("renewing /service/demo/leader: " + code + "; ");
        }
    }

    private static DcsException of(Code code, boolean writes) {
        return Errors.of("renewing /service/demo/leader", writes, KeeperException.create(code));
    }
}
