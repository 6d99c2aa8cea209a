// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

/** The store said that something does not exist which the request needs. It did not happen; never leaves this package. */
final class Declined extends RuntimeException {
    private final String seen;

    Declined(Failure failure) {
        super(failure.seen(), failure.cause());
        this.seen = failure.seen();
    }

    String seen() {
        return seen;
    }
}
