// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
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

    private final SSLContext context;
    private final X509TrustManager trust;
    private final boolean verify;

    private Tls(X509KeyManager own, X509TrustManager trust, boolean verify) {
        this.trust = trust;
        this.verify = verify;
        try {
            context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {own}, new TrustManager[] {trust}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    /**
     * Reads PEM files. As with Patroni, a {@code cacert} is trusted alone, and {@code cert} may hold the private key too.
     *
     * @throws IllegalArgumentException if one of them cannot be used
     */
    static Tls of(boolean verify, Optional<String> cacert, Optional<String> cert, Optional<String> key) {
        HandshakeCertificates.Builder builder = new HandshakeCertificates.Builder();
        cacert.ifPresentOrElse(
                path -> certificates("cacert", path).forEach(builder::addTrustedCertificate),
                builder::addPlatformTrustedCertificates);
        cert.ifPresent(path -> own(builder, path, key.orElse(path)));
        HandshakeCertificates certificates = builder.build();
        return new Tls(certificates.keyManager(), verify ? certificates.trustManager() : new Anybody(), verify);
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
        String pem = read(option, path);
        try {
            List<X509Certificate> found = CERTIFICATE
                    .matcher(pem)
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
        client.withSslContext(context).withTrustManager(trust);
        if (!verify) {
            client.withHostnameVerifier((host, session) -> true);
        }
    }

    void applyTo(OkHttpClient.Builder client) {
        client.sslSocketFactory(context.getSocketFactory(), trust);
        if (!verify) {
            client.hostnameVerifier((host, session) -> true);
        }
    }

    /** For {@code verify: false}, which somebody asked for. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
