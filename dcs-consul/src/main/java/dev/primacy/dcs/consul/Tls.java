// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.kiwiproject.consul.Consul;

/** Whom to trust, and with which certificate to be trusted. */
final class Tls {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", Pattern.DOTALL);

    private final HandshakeCertificates certificates;
    private final boolean verify;

    private Tls(HandshakeCertificates certificates, boolean verify) {
        this.certificates = certificates;
        this.verify = verify;
    }

    /**
     * Reads PEM files. As with Patroni, a {@code cacert} is trusted alone, and {@code cert} may hold the private key too.
     *
     * @throws IllegalArgumentException if one of them cannot be used
     */
    static Tls of(String url, boolean verify, Optional<String> cacert, Optional<String> cert, Optional<String> key) {
        HandshakeCertificates.Builder builder = new HandshakeCertificates.Builder();
        if (!verify) {
            builder.addInsecureHost(URI.create(url).getHost());
        }
        cacert.ifPresentOrElse(
                path -> certificates("cacert", path).forEach(builder::addTrustedCertificate),
                builder::addPlatformTrustedCertificates);
        cert.ifPresent(path -> own(builder, path, key.orElse(path)));
        return new Tls(builder.build(), verify);
    }

    private static void own(HandshakeCertificates.Builder builder, String cert, String key) {
        List<X509Certificate> chain = certificates("cert", cert);
        String secret = KEY.matcher(read("key", key))
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "key " + key
                                        + " holds no private key in PKCS#8 without a password; make one with openssl pkcs8 -topk8 -nocrypt"));
        try {
            builder.heldCertificate(
                    HeldCertificate.decode(Certificates.certificatePem(chain.get(0)) + secret),
                    chain.subList(1, chain.size()).toArray(new X509Certificate[0]));
        } catch (IllegalArgumentException e) {
            // The cause could quote the key.
            throw new IllegalArgumentException("cert " + cert + " and key " + key + " cannot be used together");
        }
    }

    private static List<X509Certificate> certificates(String option, String path) {
        try {
            List<X509Certificate> found = CERTIFICATE
                    .matcher(read(option, path))
                    .results()
                    .map(match -> Certificates.decodeCertificatePem(match.group()))
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + " " + path + " is broken: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(option + " " + path + " holds no certificate in PEM format");
    }

    private static String read(String option, String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new IllegalArgumentException(option + " " + path + " cannot be read: " + e, e);
        }
    }

    void applyTo(Consul.Builder client) {
        client.withSslContext(certificates.sslContext()).withTrustManager(certificates.trustManager());
        if (!verify) {
            client.withHostnameVerifier((host, session) -> true);
        }
    }

    void applyTo(OkHttpClient.Builder client) {
        client.sslSocketFactory(certificates.sslSocketFactory(), certificates.trustManager());
        if (!verify) {
            client.hostnameVerifier((host, session) -> true);
        }
    }
}
