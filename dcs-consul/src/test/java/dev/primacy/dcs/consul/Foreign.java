// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A client of Consul that is not ours. */
final class Foreign {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String url;

    private final String token;

    Foreign(InetSocketAddress server) {
        this(server, "");
    }

    Foreign(InetSocketAddress server, String token) {
        this.token = token;
        this.url = "http://" + server.getHostString() + ":" + server.getPort() + "/v1/";
    }

    void put(String key, byte[] value) {
        send("PUT", "kv/" + encoded(key), value);
    }

    String put(String path, String json) {
        return send("PUT", path, json.getBytes(StandardCharsets.UTF_8));
    }

    private String send(String method, String path, byte[] body) {
        try {
            var answer = CLIENT.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .header("X-Consul-Token", token)
                            .method(method, BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
            }
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(path, e);
        }
    }

    /** The key as this very server knows it, whoever leads; empty if there is none, and a question mark if it cannot tell. */
    String look(String key) {
        try {
            return get("kv/" + key + "?stale");
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage()).contains(": 404") ? "" : "?" + e.getMessage();
        }
    }

    String get(String path) {
        return send("GET", path, new byte[0]);
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
