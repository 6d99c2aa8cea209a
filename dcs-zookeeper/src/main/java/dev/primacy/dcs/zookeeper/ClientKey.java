// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.util.Base64;
import java.util.Optional;
import org.apache.zookeeper.util.PemReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own certificate and its private key. ZooKeeper's client wants both in one file, so they are copied into a key store
 * whose password only this process knows. Renewed files are taken over at the next connection.
 */
final class ClientKey {
    static final String STORE_TYPE = "PKCS12";

    private static final Logger LOG = LoggerFactory.getLogger(ClientKey.class);
    private static final int PASSWORD_BYTES = 24;

    private final Path certificate;
    private final Path key;
    private final Optional<String> keyPassword;
    private final String storePassword;
    private final Path store;
    private FileTime taken;

    private ClientKey(Path certificate, Path key, Optional<String> keyPassword)
            throws IOException, GeneralSecurityException {
        this.certificate = certificate;
        this.key = key;
        this.keyPassword = keyPassword;
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        this.storePassword = Base64.getEncoder().encodeToString(random);
        this.taken = changed();
        KeyStore loaded = load();
        // Readable by its owner only.
        this.store = Files.createTempFile("zookeeper-", ".p12");
        store.toFile().deleteOnExit();
        write(loaded);
    }

    /** The key may stand in the certificate's file, as for Patroni. */
    static Optional<ClientKey> of(Section section) {
        Optional<Path> certificate = section.file("cert");
        Optional<Path> key = section.file("key").or(() -> certificate);
        Optional<String> password = section.text("key_password");
        if (certificate.isEmpty()) {
            key.ifPresent(file -> section.problem("key without cert"));
            return Optional.empty();
        }
        if (!Files.isReadable(certificate.get()) || !Files.isReadable(key.get())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ClientKey(certificate.get(), key.get(), password));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            section.problem("cannot use cert '" + certificate.get() + "' with key '" + key.get() + "': "
                    + e.getMessage() + "; the key must be PKCS#8 (BEGIN PRIVATE KEY, or BEGIN ENCRYPTED PRIVATE KEY"
                    + " with the right key_password)");
            return Optional.empty();
        }
    }

    Path store() {
        return store;
    }

    String storePassword() {
        return storePassword;
    }

    /** Takes renewed files over. A pair that cannot be read, such as one half written, waits for the next time. */
    synchronized void refresh() {
        try {
            FileTime now = changed();
            if (!now.equals(taken)) {
                write(load());
                taken = now;
            }
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("{} has changed and cannot be read, the earlier one is still used: {}", certificate, e.toString());
        }
    }

    private FileTime changed() throws IOException {
        FileTime one = Files.getLastModifiedTime(certificate);
        FileTime other = Files.getLastModifiedTime(key);
        return one.compareTo(other) < 0 ? other : one;
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        Certificate[] chain =
                PemReader.readCertificateChain(certificate.toFile()).toArray(new Certificate[0]);
        if (chain.length == 0) {
            throw new CertificateException("no certificate there");
        }
        KeyStore copy = KeyStore.getInstance(STORE_TYPE);
        copy.load(null, null);
        copy.setKeyEntry("key", PrivateKeys.read(key, keyPassword), storePassword.toCharArray(), chain);
        return copy;
    }

    private void write(KeyStore loaded) throws IOException, GeneralSecurityException {
        Path next = Files.createTempFile("zookeeper-", ".p12");
        try (OutputStream out = Files.newOutputStream(next)) {
            loaded.store(out, storePassword.toCharArray());
        }
        // In one step, since another connection may read it right now.
        Files.move(next, store, StandardCopyOption.ATOMIC_MOVE);
    }

    void delete() {
        try {
            Files.deleteIfExists(store);
        } catch (IOException e) {
            throw new UncheckedIOException("deleting " + store, e);
        }
    }

    @Override
    public String toString() {
        return certificate.toString();
    }
}
