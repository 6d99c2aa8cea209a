// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Login;
import dev.primacy.dcs.etcd.Options.Srv;
import dev.primacy.dcs.etcd.Options.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the section, and says all that is wrong with it at once. */
final class OptionsReader {
    private static final Set<String> KNOWN = Set.of(
            "host",
            "hosts",
            "url",
            "proxy",
            "srv",
            "srv_suffix",
            "use_proxies",
            "protocol",
            "username",
            "password",
            "cacert",
            "cert",
            "key");
    private static final List<String> PLACES = List.of("proxy", "url", "hosts", "host", "srv");

    private final String name;
    private final Map<String, Object> section;
    private final List<String> problems = new ArrayList<>();

    OptionsReader(String name, Map<String, Object> section) {
        this.name = name;
        this.section = section;
    }

    Options read() {
        new TreeSet<>(section.keySet())
                .stream().filter(key -> !KNOWN.contains(key)).forEach(key -> problems.add("unknown key '" + key + "'"));
        Optional<String> place = PLACES.stream().filter(this::isGiven).findFirst();
        if (place.isEmpty()) {
            problems.add("none of host, hosts, url, proxy and srv is given");
        }
        Optional<URI> url = place.filter(List.of("proxy", "url")::contains).flatMap(this::url);
        Optional<Boolean> secure = secure(url);
        List<Address> hosts = url.flatMap(Address::of)
                .map(List::of)
                .orElseGet(() -> addresses(place.orElse(""), secure.orElse(false)));
        Optional<Srv> srv = place.filter("srv"::equals).map(key -> new Srv(text(key), text("srv_suffix"), secure));
        if (hosts.isEmpty() && srv.isEmpty() && problems.isEmpty()) {
            problems.add(place.orElse("") + " names no server");
        }
        boolean proxied = isTrue("use_proxies") || place.filter("proxy"::equals).isPresent();
        Tls tls = tls(srv.isPresent() ? secure.orElse(true) : secure.orElse(false));
        Options options = new Options(hosts, srv, !proxied, tls, login(url));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(name + ": " + String.join("; ", problems));
        }
        return options;
    }

    private boolean isGiven(String key) {
        return section.get(key) != null && !section.get(key).toString().isBlank();
    }

    private String text(String key) {
        @Nullable Object value = section.get(key);
        return value == null ? "" : value.toString().trim();
    }

    private boolean isTrue(String key) {
        String value = text(key).toLowerCase(Locale.ROOT);
        if (!Set.of("", "true", "false", "on", "off", "yes", "no", "1", "0").contains(value)) {
            problems.add(key + " must be true or false, not '" + value + "'");
        }
        return Set.of("true", "on", "yes", "1").contains(value);
    }

    /** The text of a URL may hold a password, so it is not shown. */
    private Optional<URI> url(String key) {
        try {
            URI url = new URI(text(key));
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && Address.of(url).isPresent()) {
                return Optional.of(url);
            }
        } catch (URISyntaxException e) {
            // Said below, without the text that the exception quotes.
        }
        problems.add(key + " must be http://host:port or https://host:port");
        return Optional.empty();
    }

    private List<Address> addresses(String place, boolean secure) {
        return switch (place) {
            case "host" ->
                Stream.of(text(place))
                        .flatMap(host -> address(place, host, secure))
                        .toList();
            case "hosts" ->
                hosts().stream().flatMap(host -> address(place, host, secure)).toList();
            default -> List.of();
        };
    }

    private Stream<Address> address(String place, String text, boolean secure) {
        Optional<Address> address = Address.parse(text, secure);
        if (address.isEmpty()) {
            problems.add(place + ": no host:port: '" + text + "'");
        }
        return address.stream();
    }

    /** A list, or Patroni's text form, where each host may be quoted. */
    private List<String> hosts() {
        List<?> parts = section.get("hosts") instanceof List<?> list
                ? list
                : Arrays.asList(text("hosts").split(","));
        return parts.stream()
                .map(part -> String.valueOf(part).trim().replaceAll("^(['\"])(.*)\\1$", "$2"))
                .filter(host -> !host.isEmpty())
                .toList();
    }

    /** Whether TLS is asked for, in so many words or by its files. */
    private Optional<Boolean> secure(Optional<URI> url) {
        Optional<String> protocol =
                url.map(URI::getScheme).or(() -> Optional.of(text("protocol")).filter(text -> !text.isEmpty()));
        if (!Set.of("http", "https").contains(protocol.orElse("http"))) {
            problems.add("protocol must be http or https, not '" + protocol.orElse("") + "'");
        }
        return protocol.map("https"::equals);
    }

    private Tls tls(boolean used) {
        Optional<Path> certificate = file("cert");
        // As in Patroni, one file may hold both.
        Tls tls = new Tls(file("cacert"), certificate, file("key").or(() -> certificate));
        if (certificate.isEmpty() && tls.key().isPresent()) {
            problems.add("key is given without cert");
        }
        if (!used && (tls.authority().isPresent() || tls.key().isPresent())) {
            problems.add("cacert, cert and key are of no use without protocol: https");
        }
        return tls;
    }

    private Optional<Path> file(String key) {
        if (!isGiven(key)) {
            return Optional.empty();
        }
        Path file = Path.of(text(key));
        if (!Files.isReadable(file)) {
            problems.add(key + ": cannot read " + file);
        }
        return Optional.of(file);
    }

    private Optional<Login> login(Optional<URI> url) {
        String[] inUrl = url.map(URI::getUserInfo).orElse(":").split(":", 2);
        String user = isGiven("username") ? text("username") : inUrl[0];
        @Nullable Object given = section.get("password");
        String password = given != null ? given.toString() : inUrl.length > 1 ? inUrl[1] : "";
        if (user.isEmpty() != password.isEmpty()) {
            problems.add("username and password belong together");
        }
        return user.isEmpty() ? Optional.empty() : Optional.of(new Login(user, password));
    }
}
