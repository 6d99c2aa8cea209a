// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Trusts API servers that are asked past the service in front of them. Their certificates need not name the addresses that
 * they have, but they name the service, since all who come through it want that: so it is the service's name that they must
 * prove, whichever address was asked. Whoever checked no name at all would take every certificate of the authority for a
 * server's.
 */
final class ServiceTrust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509TrustManager authority;
    private final KeyManager[] keys;
    private final String service;

    ServiceTrust(X509TrustManager authority, KeyManager[] keys, URI service) {
        this.authority = authority;
        this.keys = keys;
        this.service = service.getHost().replaceAll("[\\[\\]]", "");
    }

    /** Empty if the configuration says that nothing is to be checked. */
    static Optional<ServiceTrust> of(Config config, URI service) {
        if (config.isTrustCerts()) {
            return Optional.empty();
        }
        try {
            KeyManager[] keys = SSLUtils.keyManagers(config);
            return Arrays.stream(SSLUtils.trustManagers(config))
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .map(authority -> new ServiceTrust(authority, keys, service));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(
                    "kubernetes: certificates cannot be read; check kubeconfig and cacert", e);
        }
    }

    void applyTo(HttpClient.Builder http) {
        http.sslContext(keys, new TrustManager[] {this});
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authority.checkServerTrusted(chain, authType);
        Collection<List<?>> names = chain[0].getSubjectAlternativeNames();
        if (names == null || names.stream().noneMatch(this::isService)) {
            throw new CertificateException("the certificate is not valid for " + service + ", but for " + names);
        }
    }

    private boolean isService(List<?> name) {
        String text = String.valueOf(name.get(1));
        if (Integer.valueOf(IP_ADDRESS).equals(name.get(0))) {
            return isAddress(service) && address(text).equals(address(service));
        }
        int rest = service.indexOf('.');
        return Integer.valueOf(DNS_NAME).equals(name.get(0))
                && (text.equalsIgnoreCase(service)
                        || (text.startsWith("*.")
                                && rest > 0
                                && text.substring(1).equalsIgnoreCase(service.substring(rest))));
    }

    private static boolean isAddress(String text) {
        return text.contains(":") || text.matches("[0-9.]+");
    }

    /** Of an address written as such, so that no server is asked for it. */
    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address that is none: " + text, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        authority.checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authority.getAcceptedIssuers();
    }
}
