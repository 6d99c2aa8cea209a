// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Tls;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
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
            return builder.build();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read cacert, cert or key: " + e.getMessage(), e);
        }
    }

    private static File file(Optional<Path> path) {
        return path.orElseThrow().toFile();
    }
}
