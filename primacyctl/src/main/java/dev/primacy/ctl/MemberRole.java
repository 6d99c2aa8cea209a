// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.dcs.record.Overview.Row;
import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Patroni's words for whom a command is for. */
enum MemberRole {
    LEADER("leader"),
    PRIMARY("primary"),
    STANDBY_LEADER("standby-leader"),
    REPLICA("replica"),
    STANDBY("standby"),
    ANY("any");

    private final String word;

    MemberRole(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean fits(Row row) {
        return switch (this) {
            case LEADER -> row.leads();
            case PRIMARY -> row.role().equals("leader");
            case STANDBY_LEADER -> row.role().equals("standby_leader");
            case REPLICA, STANDBY -> !row.leads();
            case ANY -> true;
        };
    }

    @Override
    public String toString() {
        return word;
    }

    /** Reads it from the command line. */
    static final class Converter implements ITypeConverter<MemberRole> {
        @Override
        public MemberRole convert(String text) {
            return Arrays.stream(values())
                    .filter(role -> role.word.equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("'" + text + "' is none of " + Arrays.toString(values())));
        }
    }
}
