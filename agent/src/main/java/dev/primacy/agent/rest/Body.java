// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.rest;

import com.sun.net.httpserver.HttpExchange;
import dev.primacy.dcs.record.IsoTime;
import dev.primacy.dcs.record.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.OffsetDateTime;

/** Reads what requests carry. */
final class Body {
    private static final int LONGEST = 256 * 1024;

    private Body() {}

    /**
     * Reads a JSON object with something in it.
     *
     * @throws RequestException if it is anything else
     */
    static JsonObject required(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestHeaders().containsKey("Content-Length")) {
            throw new RequestException(411, "the request needs a body, and a Content-Length");
        }
        JsonObject body = parse(exchange);
        if (body.isEmpty()) {
            throw new RequestException(400, "the body must be a JSON object that is not empty");
        }
        return body;
    }

    /**
     * Reads a JSON object; none counts as an empty one.
     *
     * @throws RequestException if it is anything else
     */
    static JsonObject optional(HttpExchange exchange) throws IOException {
        return parse(exchange);
    }

    private static JsonObject parse(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(LONGEST + 1);
        if (bytes.length > LONGEST) {
            throw new RequestException(413, "the body is longer than " + LONGEST + " bytes");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            return JsonObject.EMPTY;
        }
        try {
            return JsonObject.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RequestException(400, "the body must be a JSON object: " + e.getMessage());
        }
    }

    /**
     * Reads a time that something is scheduled for.
     *
     * @param action what, for the message
     * @throws RequestException if it is no time to come, or it is not clear which
     */
    static OffsetDateTime schedule(String text, String action, InstantSource wallClock) {
        if (IsoTime.isWithoutOffset(text)) {
            throw new RequestException(400, "Timezone information is mandatory for the scheduled " + action);
        }
        OffsetDateTime at;
        try {
            at = IsoTime.parse(text);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    422, "Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601");
        }
        if (at.toInstant().isBefore(wallClock.instant())) {
            throw new RequestException(422, "Cannot schedule " + action + " in the past");
        }
        return at;
    }
}
