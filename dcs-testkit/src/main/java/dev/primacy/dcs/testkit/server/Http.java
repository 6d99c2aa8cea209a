// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks servers how they are. */
final class Http {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private Http() {}

    /** The body of a good answer. */
    static Optional<String> get(String url) {
        try {
            var answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(), BodyHandlers.ofString());
            return Optional.of(answer.body()).filter(body -> answer.statusCode() == 200);
        } catch (IOException e) {
            // A server that starts, is frozen or has ended.
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
