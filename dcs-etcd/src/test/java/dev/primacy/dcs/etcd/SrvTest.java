// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import static dev.primacy.dcs.etcd.Expect.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.etcd.Options.Srv;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;

/** Servers that DNS names. */
class SrvTest {
    private static final Address PLAIN = new Address("plain.example.org", 2379, false);
    private static final Address SECURE = new Address("secure.example.org", 2380, true);

    @Test
    void theNamesAreTriedInOrderAndSayTheProtocol() throws NamingException {
        assertThat(found(Optional.empty(), "", Map.of("_etcd-client-ssl._tcp.d", SECURE, "_etcd-client._tcp.d", PLAIN)))
                .containsExactly(SECURE);
        assertThat(found(Optional.empty(), "", Map.of("_etcd-client._tcp.d", PLAIN, "_etcd-ssl._tcp.d", SECURE)))
                .containsExactly(PLAIN);
        assertThat(found(Optional.empty(), "", Map.of("_etcd-ssl._tcp.d", SECURE, "_etcd._tcp.d", PLAIN)))
                .containsExactly(SECURE);
        assertThat(found(Optional.empty(), "", Map.of("_etcd._tcp.d", PLAIN))).containsExactly(PLAIN);
        assertThat(found(Optional.empty(), "", Map.of())).isEmpty();
    }

    @Test
    void aProtocolThatIsGivenLeavesOutTheOther() throws NamingException {
        var both = Map.of("_etcd-client-ssl._tcp.d", SECURE, "_etcd-client._tcp.d", PLAIN);
        assertThat(found(Optional.of(false), "", both)).containsExactly(PLAIN);
        assertThat(found(Optional.of(true), "", both)).containsExactly(SECURE);
    }

    @Test
    void theSuffixIsPartOfTheName() throws NamingException {
        assertThat(found(Optional.empty(), "x", Map.of("_etcd-client-x._tcp.d", PLAIN, "_etcd-client._tcp.d", SECURE)))
                .containsExactly(PLAIN);
    }

    @Test
    void theStoreIsReachedThroughDns() {
        Address server = new Address(Servers.one().addresses().get(0).getHostString(), 2379, false);
        try (NameServer dns = new NameServer(Map.of("_etcd-client._tcp.d", server))) {
            Store store = store(dns);
            Call call = new Call("trying", store, TIMEOUT);
            assertThat(call.ask(Request.members()).value().getMembersCount()).isOne();
            store.close();
        }
    }

    @Test
    void dnsThatIsSilentOrEmptyIsUnreachableInTime() {
        try (NameServer dns = new NameServer(Map.of())) {
            Store store = store(dns);
            assertThatThrownBy(() -> new Call("trying", store, TIMEOUT).ask(Request.members()))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("DNS names no etcd servers of d");
            dns.silence();
            var start = EtcdFixture.CLOCK.now();
            Duration timeout = Duration.ofMillis(600);
            assertThatThrownBy(() -> new Call("trying", store, timeout).ask(Request.members()))
                    .isInstanceOf(DcsException.Unreachable.class)
                    .hasMessageContaining("asking DNS");
            assertThat(start.until(EtcdFixture.CLOCK.now())).isLessThan(timeout.plusMillis(500));
            store.close();
        }
    }

    private static Store store(NameServer dns) {
        Options options = Options.of("etcd3", Map.of("srv", "d"));
        Endpoints endpoints = new Endpoints(InsecureChannelCredentials.create());
        Membership membership = new Membership(options, endpoints, new SrvLookup(dns.url()));
        return new Store(options, endpoints, membership, EtcdFixture.CLOCK);
    }

    private static List<Address> found(Optional<Boolean> secure, String suffix, Map<String, Address> records)
            throws NamingException {
        try (NameServer dns = new NameServer(records)) {
            return new SrvLookup(dns.url()).servers(new Srv("d", suffix, secure));
        }
    }
}
