// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.grpc.Status;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Why one try of a request failed.
 *
 * @param seen for people
 */
record Failure(Kind kind, String seen, @Nullable Throwable cause) {
    /** What may be concluded. */
    enum Kind {
        /** It surely did not happen; another server, or the same one later, may take it. */
        NOT_TAKEN,
        /** Both sides cannot agree on TLS; surely it did not happen. */
        UNTRUSTED,
        /** It may have happened. */
        UNANSWERED,
        /** It did not happen, since the token that we were given is not valid any more, or was not sent. */
        TOKEN,
        /** It did not happen: there is no such lease. */
        LEASE_GONE,
        /** It did not happen: the server knows no users. */
        NO_USERS,
        /** It did not happen, and trying again will not help. */
        REFUSED
    }

    /**
     * From what gRPC says. etcd tells many errors apart by their text alone.
     *
     * @param sent whether the request may have left this process
     */
    static Failure of(Status status, boolean sent) {
        String text = Optional.ofNullable(status.getDescription()).orElse("");
        return new Failure(kind(status, text, sent), describe(status, text), status.getCause());
    }

    private static Kind kind(Status status, String text, boolean sent) {
        if (!sent) {
            return isUntrusted(status.getCause()) ? Kind.UNTRUSTED : Kind.NOT_TAKEN;
        }
        return switch (status.getCode()) {
            case UNAVAILABLE -> text.equals("etcdserver: no leader") ? Kind.NOT_TAKEN : Kind.UNANSWERED;
            case RESOURCE_EXHAUSTED -> text.equals("etcdserver: too many requests") ? Kind.NOT_TAKEN : Kind.REFUSED;
            case UNAUTHENTICATED -> text.equals("etcdserver: invalid auth token") ? Kind.TOKEN : Kind.REFUSED;
            case INVALID_ARGUMENT ->
                text.equals("etcdserver: revision of auth store is old")
                                || text.equals("etcdserver: user name is empty")
                        ? Kind.TOKEN
                        : Kind.REFUSED;
            case NOT_FOUND -> text.equals("etcdserver: requested lease not found") ? Kind.LEASE_GONE : Kind.REFUSED;
            case FAILED_PRECONDITION ->
                text.equals("etcdserver: authentication is not enabled") ? Kind.NO_USERS : Kind.REFUSED;
            case PERMISSION_DENIED, OUT_OF_RANGE, UNIMPLEMENTED, ALREADY_EXISTS -> Kind.REFUSED;
            default -> Kind.UNANSWERED;
        };
    }

    /** Not so a connection that breaks while the two sides still talk about certificates: that may be the network. */
    private static boolean isUntrusted(@Nullable Throwable cause) {
        return Stream.iterate(cause, problem -> problem != null, problem -> problem.getCause())
                .anyMatch(problem -> problem instanceof CertificateException
                        || (problem instanceof SSLException
                                && String.valueOf(problem.getMessage()).contains("fatal alert")));
    }

    /** What to do about it, where that is known. */
    String advice() {
        return switch (kind) {
            case UNTRUSTED -> "; check protocol, cacert, cert and key, and that no certificate has expired";
            case TOKEN -> "; check username and password, or the user that the certificate names";
            case REFUSED -> seen.contains("permission") ? "; grant the user's role read and write on this path" : "";
            default -> "";
        };
    }

    /** One line; what gRPC says of a connection that failed is all in the cause. */
    private static String describe(Status status, String text) {
        String what = text.isEmpty()
                ? status.getCode().toString()
                : text.lines().findFirst().orElse("");
        return Optional.ofNullable(status.getCause())
                .map(Throwable::getMessage)
                .filter(detail -> !what.contains(detail))
                .map(detail -> what + " (" + detail + ")")
                .orElse(what);
    }
}
