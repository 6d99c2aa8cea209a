// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.consul.Requests.Refused;
import dev.primacy.time.BootClock;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kiwiproject.consul.ConsulException;

class ErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "400, Bad request,                                    Rejected,    Rejected",
        "403, Permission denied,                              Rejected,    Rejected",
        "403, ACL not found,                                  Rejected,    Rejected",
        "404, no such path,                                   Rejected,    Rejected",
        "413, Request body too large,                         Rejected,    Rejected",
        "429, Your IP is issuing too many requests,           Unreachable, Unreachable",
        "500, No cluster leader,                              Unreachable, Unreachable",
        "500, rpc error making call: No cluster leader,       Unreachable, Unreachable",
        "500, rpc error making call: EOF,                     Unreachable, OutcomeUnknown",
        "500, leadership lost while committing log,           Unreachable, OutcomeUnknown",
        "500, node is not the leader,                         Unreachable, OutcomeUnknown",
        "502, Bad Gateway,                                    Unreachable, OutcomeUnknown",
        "503, Service Unavailable,                            Unreachable, OutcomeUnknown",
    })
    void anAnswerSaysWhatMayBeConcluded(int status, String body, String ofRead, String ofWrite) {
        Refused refused = new Refused(status, body);
        assertThat(of(refused, false).getClass().getSimpleName()).isEqualTo(ofRead);
        assertThat(of(refused, true).getClass().getSimpleName()).isEqualTo(ofWrite);
        assertThat(of(refused, true))
                .hasMessageStartingWith("renewing service/demo/leader: ")
                .hasMessageContaining(body);
    }

    static Stream<Arguments> networks() {
        IOException hungUp = new SSLHandshakeException("Remote host terminated the handshake");
        hungUp.initCause(new EOFException());
        IOException untrusted = new SSLHandshakeException("path building failed");
        untrusted.initCause(new CertificateException());
        return Stream.of(
                Arguments.of(new ConnectException(), "Unreachable", "Unreachable"),
                Arguments.of(new UnknownHostException(), "Unreachable", "Unreachable"),
                Arguments.of(new SocketException("reset"), "Unreachable", "OutcomeUnknown"),
                Arguments.of(new SocketTimeoutException(), "Unreachable", "OutcomeUnknown"),
                Arguments.of(hungUp, "Unreachable", "OutcomeUnknown"),
                Arguments.of(untrusted, "Rejected", "Rejected"),
                Arguments.of(
                        new SSLHandshakeException("Received fatal alert: bad_certificate"), "Rejected", "Rejected"),
                Arguments.of(new SSLPeerUnverifiedException("not c1"), "Rejected", "Rejected"));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aBrokenConnectionSaysWhatMayBeConcluded(IOException broken, String ofRead, String ofWrite) {
        assertThat(of(new UncheckedIOException(broken), false).getClass().getSimpleName())
                .isEqualTo(ofRead);
        assertThat(of(new ConsulException("", broken), true).getClass().getSimpleName())
                .isEqualTo(ofWrite);
    }

    @Test
    void aMistakeOfOursIsNoAnswer() {
        assertThatThrownBy(() -> of(new NullPointerException(), true)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatFollowsAnEffectDeniesNothing() {
        Call call = call();
        assertThatThrownBy(() -> call.afterEffect(() -> {
                    throw of(new Refused(403, "Permission denied"), true);
                }))
                .isInstanceOf(DcsException.OutcomeUnknown.class);
    }

    @Test
    void aTtlThatIsTooShortSaysTheShortest() {
        assertThat(minimum("Invalid Session TTL '1000000000', must be between [10s=24h0m0s]"))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(minimum("Invalid Session TTL '1', must be between [1m0s=24h0m0s]"))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(minimum("Invalid Session TTL '1', must be between [500ms=24h0m0s]"))
                .isEqualTo(Duration.ofMillis(500));
        assertThat(minimum("Invalid Session TTL")).isEqualTo(Duration.ofSeconds(10));
        assertThat(SessionTtl.minimumSaidBy("Missing check 'x' registration")).isEmpty();
    }

    private static Duration minimum(String refusal) {
        return SessionTtl.minimumSaidBy(refusal).orElseThrow().value();
    }

    private static DcsException of(Throwable problem, boolean writes) {
        return Errors.of(call(), writes, problem);
    }

    private static Call call() {
        return new Call("renewing service/demo/leader", "http://c1:8500", BootClock.system(), Duration.ofSeconds(3));
    }
}
