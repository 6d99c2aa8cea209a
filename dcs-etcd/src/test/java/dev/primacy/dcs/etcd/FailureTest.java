// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.primacy.dcs.etcd.Failure.Kind;
import io.grpc.Status;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureTest {
    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE,         etcdserver: no leader,                        NOT_TAKEN",
        "UNAVAILABLE,         etcdserver: request timed out,                UNANSWERED",
        "UNAVAILABLE,         etcdserver: leader changed,                   UNANSWERED",
        "UNAVAILABLE,         io exception,                                 UNANSWERED",
        "DEADLINE_EXCEEDED,   context deadline exceeded,                    UNANSWERED",
        "UNKNOWN,             raft: stopped,                                UNANSWERED",
        "INTERNAL,            Received unexpected EOS,                      UNANSWERED",
        "CANCELLED,           context canceled,                             UNANSWERED",
        "RESOURCE_EXHAUSTED,  etcdserver: too many requests,                NOT_TAKEN",
        "RESOURCE_EXHAUSTED,  etcdserver: mvcc: database space exceeded,    REFUSED",
        "UNAUTHENTICATED,     etcdserver: invalid auth token,               TOKEN",
        "INVALID_ARGUMENT,    etcdserver: revision of auth store is old,    TOKEN",
        "INVALID_ARGUMENT,    etcdserver: user name is empty,               TOKEN",
        "INVALID_ARGUMENT,    etcdserver: request is too large,             REFUSED",
        "PERMISSION_DENIED,   etcdserver: permission denied,                REFUSED",
        "NOT_FOUND,           etcdserver: requested lease not found,        LEASE_GONE",
        "FAILED_PRECONDITION, etcdserver: authentication is not enabled,    NO_USERS",
        "UNIMPLEMENTED,       unknown service etcdserverpb.KV,              REFUSED",
    })
    void saysWhatMayBeConcluded(Status.Code code, String text, Kind kind) {
        Failure failure = Failure.of(code.toStatus().withDescription(text), true);
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.seen()).contains(text);
    }

    @ParameterizedTest
    @EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
    void whatWasNotSentDidNotHappen(Status.Code code) {
        assertThat(Failure.of(code.toStatus(), false).kind()).isEqualTo(Kind.NOT_TAKEN);
    }

    @Test
    void certificatesThatAreRefusedAreToldFromANetworkThatBreaks() {
        Throwable expired =
                new SSLHandshakeException("General problem").initCause(new CertificateExpiredException("x"));
        assertThat(notSent(expired)).isEqualTo(Kind.UNTRUSTED);
        assertThat(notSent(new SSLHandshakeException("Received fatal alert: bad_certificate")))
                .isEqualTo(Kind.UNTRUSTED);
        assertThat(notSent(new SSLHandshakeException("Connection closed while SSL/TLS handshake was in progress")))
                .isEqualTo(Kind.NOT_TAKEN);
    }

    private static Kind notSent(Throwable cause) {
        return Failure.of(Status.UNAVAILABLE.withCause(cause), false).kind();
    }
}
