// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import java.util.Map;

/** What a request is answered. */
record Answer(int code, String type, String body, Map<String, String> headers) {
    Answer(int code, String type, String body) {
        this(code, type, body, Map.of());
    }

    /** Of anything that shows itself as JSON. */
    static Answer json(int code, Object body) {
        return new Answer(code, "application/json", body.toString());
    }

    static Answer text(int code, String body) {
        return new Answer(code, "text/html", body);
    }

    static Answer notSupported() {
        return text(501, "Server does not support this operation");
    }
}
