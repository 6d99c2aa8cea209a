// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.record;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code members/<name>} of a cluster.
 *
 * @param connUrl {@code postgres://host:port/dbname}
 * @param apiUrl {@code http://host:port/patroni}
 * @param state Patroni's word for what the server does, for example {@code running}
 * @param role for example {@code primary}, {@code standby_leader}, {@code replica}
 * @param version of the agent, integers and dots
 * @param xlogLocation of a primary: flushed; of a standby: received or replayed
 * @param timeline of the server
 * @param source the object as read, with fields not listed here
 */
public record MemberRecord(
        String connUrl,
        String apiUrl,
        String state,
        String role,
        String version,
        Optional<Long> xlogLocation,
        Optional<Long> timeline,
        JsonObject source) {
    private static final Memo<MemberRecord> PARSED = new Memo<>(MemberRecord::read);
    private static final String LEGACY_API_URL = "application_name=";
    private static final String PROXY_URL = "proxy_url";
    private static final String CHECKPOINT_AFTER_PROMOTE = "checkpoint_after_promote";
    private static final String TAGS = "tags";
    private static final String PENDING_RESTART = "pending_restart";
    private static final String PENDING_RESTART_REASON = "pending_restart_reason";
    private static final String REPLAY_LSN = "replay_lsn";
    private static final String RECEIVE_LSN = "receive_lsn";
    private static final String REPLICATION_STATE = "replication_state";
    private static final String SCHEDULED_RESTART = "scheduled_restart";
    private static final String PAUSE = "pause";
    private static final FieldOrder ORDER = FieldOrder.of(
            "conn_url",
            "api_url",
            "state",
            "role",
            "version",
            PROXY_URL,
            CHECKPOINT_AFTER_PROMOTE,
            TAGS,
            PENDING_RESTART,
            PENDING_RESTART_REASON,
            "xlog_location",
            REPLAY_LSN,
            RECEIVE_LSN,
            REPLICATION_STATE,
            "timeline",
            SCHEDULED_RESTART,
            PAUSE);
    private static final AgentVersion LAST_WITHOUT_CHECKPOINT = new AgentVersion(List.of(1, 5, 6));

    /**
     * Reads Patroni's JSON, or the old form of a URL that carries the API's address as {@code application_name}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static MemberRecord parse(String text) {
        return PARSED.of(text);
    }

    private static MemberRecord read(String text) {
        if (text.startsWith("postgres")) {
            String[] parts = text.split("\\?", 2);
            return of(parts[0], parts.length > 1 ? apiUrl(parts[1]) : "", "", "", "", JsonObject.EMPTY);
        }
        JsonObject json = JsonObject.known(text);
        return of(
                json.text("conn_url").orElse(""),
                json.text("api_url").orElse(""),
                json.text("state").orElse(""),
                json.text("role")
                        .map(role -> role.equals("master") ? "primary" : role)
                        .orElse(""),
                json.text("version").orElse(""),
                json);
    }

    private static String apiUrl(String query) {
        return Arrays.stream(query.split("&"))
                .filter(parameter -> parameter.startsWith(LEGACY_API_URL))
                .map(parameter ->
                        URLDecoder.decode(parameter.substring(LEGACY_API_URL.length()), StandardCharsets.UTF_8))
                .findFirst()
                .orElse("");
    }

    private static MemberRecord of(
            String connUrl, String apiUrl, String state, String role, String version, JsonObject json) {
        return new MemberRecord(
                connUrl, apiUrl, state, role, version, json.lsn("xlog_location"), json.number("timeline"), json);
    }

    public String encode() {
        return new FieldWriter(source, ORDER)
                .text("conn_url", connUrl)
                .text("api_url", apiUrl)
                .text("state", state)
                .text("role", role)
                .text("version", version)
                .lsn("xlog_location", xlogLocation)
                .number("timeline", timeline)
                .toString();
    }

    /** Host and port out of {@link #connUrl}. */
    public Optional<Address> address() {
        return Address.ofUrl(connUrl);
    }

    public boolean isRunning() {
        return state.equals("running");
    }

    /** {@link #version} as a number; empty if it is none, which Patroni takes for a very old one. */
    public Optional<AgentVersion> agentVersion() {
        return AgentVersion.parse(version);
    }

    /** Where clients that go through the node's pooler connect. */
    public Optional<String> proxyUrl() {
        return source.text(PROXY_URL);
    }

    /** Whether a primary has finished the checkpoint after its promotion; empty if its agent is too old to say so. */
    public Optional<Boolean> checkpointedAfterPromotion() {
        return agentVersion()
                .filter(release -> release.compareTo(LAST_WITHOUT_CHECKPOINT) > 0)
                .map(release -> role.equals("primary") && !source.fields().contains(CHECKPOINT_AFTER_PROMOTE));
    }

    public Tags tags() {
        return new Tags(source.object(TAGS).orElse(JsonObject.EMPTY));
    }

    public boolean pendingRestart() {
        return source.flag(PENDING_RESTART);
    }

    /** By parameter: {@code {"old_value":…,"new_value":…}}. */
    public Map<String, JsonObject> pendingRestartReason() {
        return source.object(PENDING_RESTART_REASON).orElse(JsonObject.EMPTY).map(JsonObject::object);
    }

    public Optional<Long> replayLsn() {
        return source.lsn(REPLAY_LSN);
    }

    public Optional<Long> receiveLsn() {
        return source.lsn(RECEIVE_LSN);
    }

    /** {@code streaming} or {@code in archive recovery}; empty for a primary. */
    public Optional<String> replicationState() {
        return source.text(REPLICATION_STATE);
    }

    /** Filters of the request, {@code schedule} and {@code postmaster_start_time}. */
    public Optional<JsonObject> scheduledRestart() {
        return source.object(SCHEDULED_RESTART);
    }

    /** Whether this member has seen that the cluster is paused. */
    public boolean paused() {
        return source.flag(PAUSE);
    }

    public MemberRecord withXlogLocation(Optional<Long> location) {
        return new MemberRecord(connUrl, apiUrl, state, role, version, location, timeline, source);
    }

    public MemberRecord withProxyUrl(Optional<String> url) {
        return with(PROXY_URL, url);
    }

    /**
     * What only a leader publishes.
     *
     * @param pending whether it has yet to finish the checkpoint after its promotion
     */
    public MemberRecord withCheckpointPending(boolean pending) {
        return with(CHECKPOINT_AFTER_PROMOTE, pending ? Optional.of(false) : Optional.empty());
    }

    public MemberRecord withTags(Tags tags) {
        return with(TAGS, Optional.of(tags.source()).filter(some -> !some.isEmpty()));
    }

    /**
     * Sets what waits for a restart of the server.
     *
     * @param reason old and new value by parameter; none is no restart pending
     */
    public MemberRecord withPendingRestart(Map<String, JsonObject> reason) {
        return with(Map.of(
                PENDING_RESTART,
                reason.isEmpty() ? Optional.empty() : Optional.of(true),
                PENDING_RESTART_REASON,
                Optional.of(JsonObject.of(reason)).filter(some -> !some.isEmpty())));
    }

    /** What only a standby publishes. Positions that are 0 are left out. */
    public MemberRecord withReplication(
            Optional<Long> replayLsn, Optional<Long> receiveLsn, Optional<String> replicationState) {
        return with(Map.of(
                REPLAY_LSN,
                replayLsn.filter(lsn -> lsn != 0).map(Json::lsn),
                RECEIVE_LSN,
                receiveLsn.filter(lsn -> lsn != 0).map(Json::lsn),
                REPLICATION_STATE,
                replicationState));
    }

    public MemberRecord withScheduledRestart(Optional<JsonObject> restart) {
        return with(SCHEDULED_RESTART, restart);
    }

    public MemberRecord withPause(boolean paused) {
        return with(PAUSE, paused ? Optional.of(true) : Optional.empty());
    }

    private MemberRecord with(String field, Optional<?> value) {
        return with(Map.of(field, value));
    }

    private MemberRecord with(Map<String, Optional<?>> fields) {
        return new MemberRecord(
                connUrl, apiUrl, state, role, version, xlogLocation, timeline, source.changed(fields, ORDER));
    }
}
