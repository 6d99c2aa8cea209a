// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.tls;

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
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;

/**
 * Whom one end of a connection trusts, and with which certificate it is trusted. All files are PEM.
 *
 * @param authority {@code cafile} or {@code cacert}: trusted alone
 * @param certificate {@code certfile}; may hold the private key too
 * @param key {@code keyfile}
 */
public record Tls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL);
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----", Pattern.DOTALL);

    /**
     * For a server, or for a client that is to know whom it talks to by certificate and name.
     *
     * @throws IllegalArgumentException with the file that cannot be used
     */
    public SSLContext context() {
        return handshake().sslContext();
    }

    /**
     * For an agent that asks other agents, which are known by addresses: as with Patroni, a certificate's name does not
     * matter, and without an authority nor does its issuer.
     *
     * @throws IllegalArgumentException with the file that cannot be used
     */
    public SSLContext contextForAnyName() {
        return of(new AnyName(authority.map(file -> handshake().trustManager())));
    }

    /** For a client that does not want to know whom it talks to. */
    public SSLContext contextForAnybody() {
        return of(new AnyName(Optional.empty()));
    }

    private SSLContext of(TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {handshake().keyManager()}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private HandshakeCertificates handshake() {
        HandshakeCertificates.Builder builder = new HandshakeCertificates.Builder();
        authority.ifPresentOrElse(
                file -> certificates(file).forEach(builder::addTrustedCertificate),
                builder::addPlatformTrustedCertificates);
        certificate.ifPresent(file -> own(builder, file, key.orElse(file)));
        return builder.build();
    }

    private static void own(HandshakeCertificates.Builder builder, Path certificate, Path key) {
        List<X509Certificate> chain = certificates(certificate);
        String secret = KEY.matcher(read(key))
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + " holds no private key in PKCS#8 without a"
                        + " password; make one with openssl pkcs8 -topk8 -nocrypt"));
        try {
            builder.heldCertificate(
                    HeldCertificate.decode(Certificates.certificatePem(chain.get(0)) + secret),
                    chain.subList(1, chain.size()).toArray(new X509Certificate[0]));
        } catch (IllegalArgumentException e) {
            // The cause could quote the key.
            throw new IllegalArgumentException(certificate + " and " + key + " cannot be used together");
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        List<X509Certificate> found = CERTIFICATE
                .matcher(read(file))
                .results()
                .map(pem -> Certificates.decodeCertificatePem(pem.group()))
                .toList();
        if (found.isEmpty()) {
            throw new IllegalArgumentException(file + " holds no certificate");
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e, e);
        }
    }
}
