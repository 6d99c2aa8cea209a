// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.tls.HeldCertificate;

/** A certificate authority for tests, which writes PEM files into a folder. */
public final class Certificates {
    private final Path folder;
    private final HeldCertificate authority = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("authority")
            .build();
    private final AtomicInteger issued = new AtomicInteger();

    public Certificates(Path folder) {
        this.folder = folder;
    }

    /** The authority's own certificate. */
    public Path authority() {
        return write("authority-" + issued.incrementAndGet() + ".crt", authority.certificatePem());
    }

    /** For a server at these names and addresses, and for a client of this common name. */
    public Pair issue(String commonName, List<String> hosts) {
        return write(builder(commonName, hosts).build());
    }

    /** As {@link #issue}, but its time is over. */
    public Pair expired(String commonName, List<String> hosts) {
        return write(builder(commonName, hosts).validityInterval(1, 2).build());
    }

    private HeldCertificate.Builder builder(String commonName, List<String> hosts) {
        HeldCertificate.Builder builder =
                new HeldCertificate.Builder().commonName(commonName).signedBy(authority);
        hosts.forEach(builder::addSubjectAlternativeName);
        return builder;
    }

    private Pair write(HeldCertificate certificate) {
        String name = "certificate-" + issued.incrementAndGet();
        return new Pair(
                write(name + ".crt", certificate.certificatePem()),
                write(name + ".key", certificate.privateKeyPkcs8Pem()));
    }

    private Path write(String name, String pem) {
        try {
            return Files.writeString(folder.resolve(name), pem);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + name + " into " + folder, e);
        }
    }

    /** A certificate and its private key (PKCS#8), both PEM. */
    public record Pair(Path certificate, Path key) {}
}
