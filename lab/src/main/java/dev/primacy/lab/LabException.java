// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

/** Something the lab waited for did not come, or could not be done. The message is for people. */
public final class LabException extends RuntimeException {
    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
