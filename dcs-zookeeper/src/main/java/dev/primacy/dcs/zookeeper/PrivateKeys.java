// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.zookeeper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.apache.zookeeper.util.PemReader;

/**
 * Reads private keys, PKCS#8 in PEM. ZooKeeper's own reader cannot decrypt what OpenSSL encrypts today (PBES2) on every Java
 * that we support.
 */
final class PrivateKeys {
    private static final Pattern ENCRYPTED =
            Pattern.compile("-----BEGIN ENCRYPTED PRIVATE KEY-----([^-]+)-----END ENCRYPTED PRIVATE KEY-----");

    private PrivateKeys() {}

    /**
     * Reads a key.
     *
     * @param password has no use if the key is not encrypted
     */
    static PrivateKey read(Path file, Optional<String> password) throws IOException, GeneralSecurityException {
        String pem = Files.readString(file, StandardCharsets.ISO_8859_1);
        Matcher encrypted = ENCRYPTED.matcher(pem);
        return PemReader.loadPrivateKey(
                encrypted.find() ? decrypt(encrypted.group(1), password.orElse("")) : pem, Optional.empty());
    }

    private static String decrypt(String base64, String password) throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo key =
                new EncryptedPrivateKeyInfo(Base64.getMimeDecoder().decode(base64));
        AlgorithmParameters parameters = key.getAlgParameters();
        // PBES2 is a frame; what is in it shows only in the text of its parameters.
        boolean framed = parameters != null && parameters.getAlgorithm().equals("PBES2");
        String algorithm = framed ? parameters.toString() : key.getAlgName();
        SecretKey secret =
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(password.toCharArray()));
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getKeySpec(cipher).getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }
}
