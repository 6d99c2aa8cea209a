// SPDX-License-Identifier: Apache-2.0
package dev.primacy.ctl;

import dev.primacy.agent.config.ControlConfig;
import dev.primacy.dcs.record.JsonObject;
import dev.primacy.dcs.record.MemberRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The REST APIs of members. */
final class Rest {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A restart waits for a checkpoint, and for recovery. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final ControlConfig config;
    private final HttpClient http;

    Rest(ControlConfig config) {
        this.config = config;
        try {
            this.http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .sslContext(
                            config.insecure()
                                    ? config.tls().contextForAnybody()
                                    : config.tls().context())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new CtlException("ctl: " + e.getMessage());
        }
    }

    /**
     * What a member answered.
     *
     * @param code HTTP status
     * @param text the body
     */
    record Reply(int code, String text) {}

    /**
     * Sends a request.
     *
     * @throws IOException if the member does not answer
     */
    Reply send(MemberRecord member, String method, String path, JsonObject body) throws IOException {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(member.apiUrl()).resolve("/" + path))
                    .timeout(LONGEST)
                    .header("Content-Type", "application/json")
                    .method(
                            method,
                            method.equals("GET")
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body.toString()));
            config.credentials().ifPresent(of -> request.header("Authorization", of.header()));
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IllegalArgumentException e) {
            throw new IOException("its address is none: '" + member.apiUrl() + "'", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
