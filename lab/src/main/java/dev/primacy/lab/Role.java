// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

/** What a node is, as its agent says. */
public enum Role {
    /** Its PostgreSQL may accept writes. */
    PRIMARY("primary"),
    /** Leads its site and follows another one. */
    STANDBY_LEADER("standby leader"),
    REPLICA("replica"),
    /** Its agent answers, its PostgreSQL is not up. */
    STARTING("starting or stopped"),
    /** Its agent does not answer. */
    DOWN("down");

    private final String title;

    Role(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
