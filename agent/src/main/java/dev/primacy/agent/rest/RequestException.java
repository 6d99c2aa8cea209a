// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

/** A request that cannot be carried out for what it says; the message is the answer. */
final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int code;

    RequestException(int code, String message) {
        super(message);
        this.code = code;
    }

    Answer answer() {
        return Answer.text(code, String.valueOf(getMessage()));
    }
}
