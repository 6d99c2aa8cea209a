// SPDX-License-Identifier: Apache-2.0
package dev.primacy.lab;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Talks to the REST interface of one agent. */
public final class RestClient {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LOOK = Duration.ofMillis(800);
    private static final Duration ORDER = Duration.ofSeconds(60);

    private final URI base;

    RestClient(int port) {
        this.base = URI.create("http://127.0.0.1:" + port);
    }

    /** What the agent says of itself; {@link NodeStatus#SILENT} if nothing, or nothing sensible, within a moment. */
    public NodeStatus status() {
        try {
            return NodeStatus.of(JSON.readTree(
                    send(HttpRequest.newBuilder(base.resolve("/patroni")), LOOK).body()));
        } catch (IOException noAnswer) {
            return NodeStatus.SILENT;
        }
    }

    /** The HTTP status of {@code GET path}; 0 without an answer. */
    public int get(String path) {
        try {
            return send(HttpRequest.newBuilder(base.resolve(path)), LOOK).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    /** The HTTP status of {@code DELETE path}; 0 without an answer. */
    public int delete(String path) {
        try {
            return send(HttpRequest.newBuilder(base.resolve(path)).DELETE(), ORDER)
                    .statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    /** The HTTP status of {@code POST path}; 0 without an answer. */
    public int post(String path, String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        try {
            return send(request, ORDER).statusCode();
        } catch (IOException noAnswer) {
            return 0;
        }
    }

    /**
     * Asks for a planned switchover.
     *
     * @return the agent's words
     * @throws LabException if it refuses or does not answer
     */
    public String switchover(String targetSite) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/multisite_switchover"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"target_site\":\"" + targetSite + "\"}"));
        try {
            HttpResponse<String> response = send(request, ORDER);
            if (response.statusCode() / 100 != 2) {
                throw new LabException("switchover to " + targetSite + " refused with " + response.statusCode() + ": "
                        + response.body().strip());
            }
            return response.body().strip();
        } catch (IOException e) {
            throw new LabException("no answer from " + base + " to the order to switch over", e);
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request, Duration timeout) throws IOException {
        try {
            return HTTP.send(request.timeout(timeout).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
