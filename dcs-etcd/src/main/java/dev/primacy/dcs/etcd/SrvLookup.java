// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Srv;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** Asks DNS which servers a domain has. */
// What JNDI is feared for are objects that a server names; this context is DNS alone, and answers are read as text. It
// wants
// its settings as a Hashtable.
@SuppressWarnings({"BanJNDI", "JdkObsolete"})
final class SrvLookup {
    /** In the order in which they are tried. Those of peer ports are left out, since no client is served there. */
    private static final List<String> SERVICES = List.of("-client-ssl", "-client", "-ssl", "");

    private final Hashtable<String, String> environment = new Hashtable<>();

    /** Asks the name servers of this host. */
    SrvLookup() {
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put("com.sun.jndi.dns.timeout.initial", "500");
        environment.put("com.sun.jndi.dns.timeout.retries", "2");
    }

    /** Asks one name server, given as {@code dns://host:port}. */
    SrvLookup(String nameServer) {
        this();
        environment.put(Context.PROVIDER_URL, nameServer);
    }

    /** The servers of the first service name that has some. Blocks for as long as DNS takes. */
    List<Address> servers(Srv srv) throws NamingException {
        InitialDirContext dns = new InitialDirContext(environment);
        try {
            String suffix = srv.suffix().isEmpty() ? "" : "-" + srv.suffix();
            for (String service : SERVICES) {
                boolean secure = service.endsWith("-ssl");
                String name = "_etcd" + service + suffix + "._tcp." + srv.domain();
                List<Address> found = srv.secure().orElse(secure) == secure ? servers(dns, name, secure) : List.of();
                if (!found.isEmpty()) {
                    return found;
                }
            }
            return List.of();
        } finally {
            dns.close();
        }
    }

    private static List<Address> servers(InitialDirContext dns, String name, boolean secure) throws NamingException {
        Attribute records;
        try {
            records = dns.getAttributes(name, new String[] {"SRV"}).get("SRV");
        } catch (javax.naming.NameNotFoundException e) {
            return List.of();
        }
        List<Address> found = new ArrayList<>();
        NamingEnumeration<?> all = records == null ? null : records.getAll();
        while (all != null && all.hasMore()) {
            address(all.next().toString(), secure).ifPresent(found::add);
        }
        return found;
    }

    /** From {@code priority weight port target.}; a target of {@code .} means that there is none. */
    private static Optional<Address> address(String record, boolean secure) {
        String[] parts = record.split(" ", -1);
        return parts.length == 4
                ? Address.parse(parts[3].replaceAll("\\.$", "") + ":" + parts[2], secure)
                : Optional.empty();
    }
}
