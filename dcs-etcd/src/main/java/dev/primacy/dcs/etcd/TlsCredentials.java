// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Tls;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.NettyChannelBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** How connections are made. */
final class TlsCredentials {
    private TlsCredentials() {}

    /** Throws {@link IllegalArgumentException} if a file is no PEM file of the right kind. */
    static ChannelCredentials of(Tls tls) {
        try {
            TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
            if (tls.authority().isPresent()) {
                builder.trustManager(file(tls.authority()));
            }
            if (tls.certificate().isPresent()) {
                builder.keyManager(file(tls.certificate()), file(tls.key()));
            }
            ChannelCredentials credentials = builder.build();
            // Reads the files; nothing is connected.
            var unused = NettyChannelBuilder.forAddress("localhost", 1, credentials);
            return credentials;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cacert, cert or key cannot be used: " + e.getMessage()
                            + "; they must be PEM files, and the key PKCS#8 without a passphrase (openssl pkcs8 -topk8"
                            + " -nocrypt)",
                    e);
        }
    }

    private static File file(Optional<Path> path) {
        return path.orElseThrow().toFile();
    }
}
