// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

/** Something that cannot be done; the message is all that a person is shown. */
final class CtlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CtlException(String message) {
        super(message);
    }
}
