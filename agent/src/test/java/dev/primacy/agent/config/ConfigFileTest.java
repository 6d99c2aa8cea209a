// SPDX-License-Identifier: Apache-2.0
package dev.primacy.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.record.Address;
import dev.primacy.dcs.testkit.server.Certificates;
import dev.primacy.postgres.FencingSettings;
import dev.primacy.postgres.FencingSettings.Command;
import dev.primacy.postgres.FencingSettings.Driver;
import dev.primacy.postgres.FencingSettings.Mode;
import dev.primacy.postgres.FencingSettings.Watchdog;
import dev.primacy.time.LeaseTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
    private static final String WHOLE = """
            scope: fra
            namespace: /service/
            name: fra1
            restapi: {listen: '127.0.0.1:8008', connect_address: '10.0.0.1:8008'}
            zookeeper: {hosts: ['127.0.0.1:2181']}
            multisite:
              name: fra
              scope: demo
              ttl: 30
              loop_wait: 2
              retry_timeout: 5
              zookeeper: {hosts: '10.9.9.9:2181'}
            bootstrap:
              dcs: {ttl: 20, loop_wait: 2, retry_timeout: 3, maximum_lag_on_failover: 4096}
              initdb: [data-checksums, {encoding: UTF8}]
            postgresql:
              listen: 127.0.0.1:5433
              connect_address: 10.0.0.1:5433
              data_dir: /data/fra1
              bin_dir: /opt/pg/bin
              authentication: {superuser: {username: root, password: secret}}
              parameters: {shared_buffers: 32MB, max_connections: 50}
              pg_hba: [local all all trust]
            """;

    private final Path folder;

    ConfigFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private AgentConfig read(String text) throws IOException {
        Path file = folder.resolve("patroni.yml");
        Files.writeString(file, text);
        return ConfigFile.read(file);
    }

    @Test
    void readsPatronisNames() throws IOException {
        AgentConfig config = read(WHOLE);
        assertThat(config.ha().name()).isEqualTo("fra1");
        assertThat(config.ha().address()).isEqualTo(new Address("10.0.0.1", 5433));
        assertThat(config.ha().apiUrl()).isEqualTo("http://10.0.0.1:8008/patroni");
        assertThat(config.ha().timing().ttl()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.ha().maximumLag()).isEqualTo(4096);
        assertThat(config.store().scope().path()).isEqualTo("/service/fra");
        assertThat(config.postgres().initdbOptions()).containsExactly("data-checksums", "encoding=UTF8");
        assertThat(config.postgres().parameters()).containsEntry("max_connections", "50");
        AgentConfig.Group group = config.group().orElseThrow();
        assertThat(group.site().site()).isEqualTo("fra");
        assertThat(group.store().scope().path()).isEqualTo("/multisite/demo");
        assertThat(group.store().scope().ttl()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void tagsArePublishedAsPatroniDoes() throws IOException {
        AgentConfig config =
                read(WHOLE + "tags: {nofailover: false, clonefrom: false, nosync: false, sync_priority: 2, rack: 7}\n");
        assertThat(config.ha().tags().source()).hasToString("{\"nosync\":false,\"sync_priority\":2,\"rack\":7}");
        assertThat(read(WHOLE).ha().tags().source().isEmpty()).isTrue();
    }

    @Test
    void theSettingsForTheStoreAreThoseOfTheFile() throws IOException {
        assertThat(read(WHOLE).ha().stored())
                .hasToString("{\"ttl\":20,\"loop_wait\":2,\"retry_timeout\":3,\"maximum_lag_on_failover\":4096}");
    }

    @Test
    void showsNoPassword() throws IOException {
        AgentConfig config = read(WHOLE + "# end\n");
        assertThat(config.toString()).doesNotContain("secret");
    }

    @Test
    void namesEveryProblemAtOnce() {
        assertThatThrownBy(() -> read("name: a\nrestapi: {listen: 'x:y:z'}\nbootstrap: {dcs: {ttl: soon}}\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("scope is missing")
                .hasMessageContaining("restapi.listen is no host:port: 'x:y:z'")
                .hasMessageContaining("bootstrap.dcs: ttl is no number of seconds: 'soon'")
                .hasMessageContaining("zookeeper is missing: name the store")
                .hasMessageContaining("postgresql.data_dir is missing");
    }

    @Test
    void refusesTimingsThatCannotBeKept() {
        assertThatThrownBy(() -> read(WHOLE.replace("ttl: 20,", "ttl: 7,")))
                .hasMessageContaining(
                        "bootstrap.dcs: loop_wait 2.0 s + 2 * retry_timeout 3.0 s = 8.0 s exceeds ttl 7.0 s");
    }

    /** Else the loss of one member would move the right to write to another site. */
    @Test
    void refusesASiteLeaseThatEndsBeforeALocalFailover() {
        assertThatThrownBy(() -> read(WHOLE.replace("ttl: 20,", "ttl: 60,")))
                .hasMessageContaining("multisite.ttl 30 s is below the cluster's own ttl 60 s");
    }

    @Test
    void tellsWhereTheYamlIsBroken() {
        assertThatThrownBy(() -> read("scope: [fra\nname: x\n"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is no valid YAML")
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
        assertThatThrownBy(() -> ConfigFile.read(folder.resolve("absent.yml"))).hasMessageContaining("cannot read");
    }

    @Test
    void theGuardIsTheOnlyFenceThatNobodyHasToNameHere() throws IOException {
        assertThat(read(WHOLE).fencing()).isEqualTo(FencingSettings.GUARD_ONLY);
    }

    @Test
    void readsTheFenceCommand() throws IOException {
        assertThat(read(WHOLE + "fencing: {command: {run: [/bin/power, --node, fra1], timeout: 3}}\n")
                        .fencing()
                        .command())
                .contains(new Command(List.of("/bin/power", "--node", "fra1"), Mode.REQUIRED, Duration.ofSeconds(3)));
        assertThat(read(WHOLE + "fencing: {command: {run: [/bin/power], mode: off}}\n")
                        .fencing()
                        .command())
                .hasValueSatisfying(command -> assertThat(command.mode()).isEqualTo(Mode.OFF));
        assertThatThrownBy(() -> read(WHOLE + "fencing: {command: {mode: maybe}}\n"))
                .hasMessageContaining("fencing.command.run is missing")
                .hasMessageContaining("fencing.command.mode is none of off, automatic, required: 'maybe'");
    }

    @Test
    void readsTheKernelLease() throws IOException {
        for (Mode mode : Mode.values()) {
            String word = mode.name().toLowerCase(Locale.ROOT);
            assertThat(read(WHOLE + "fencing: {kernel_lease: " + word + "}\n")
                            .fencing()
                            .kernelLease())
                    .isEqualTo(mode);
        }
    }

    /** Patroni's defaults; the right ends in time for the watchdog to be stopped before it resets the host. */
    @Test
    void readsTheWatchdog() throws IOException {
        Path device = Files.createFile(folder.resolve("watchdog"));
        String section = "watchdog: {device: " + device + ", driver: testing}\n";
        AgentConfig config = read(WHOLE + section);
        assertThat(config.fencing().watchdog())
                .isEqualTo(new Watchdog(
                        Mode.AUTOMATIC, device, Driver.TESTING, Duration.ofSeconds(15), Duration.ofSeconds(7)));
        LeaseTiming timing = config.ha().timing();
        assertThat(timing.worth().plus(Duration.ofSeconds(7)))
                .isEqualTo(LeaseTiming.of(timing.ttl(), timing.renewEvery(), timing.requestTimeout())
                        .worth());
        assertThat(config.group().orElseThrow().site().timing().margin()).isEqualTo(timing.margin());
        Watchdog half = read(WHOLE + "watchdog: {mode: required, safety_margin: -1}\n")
                .fencing()
                .watchdog();
        assertThat(half.device()).isEqualTo(Path.of("/dev/watchdog"));
        assertThat(half.mode()).isEqualTo(Mode.REQUIRED);
        assertThat(half.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aWatchdogThatIsNotThereIsGoneWithoutUnlessRequired() throws IOException {
        String absent = "device: " + folder.resolve("absent") + "}\n";
        assertThat(read(WHOLE + "watchdog: {" + absent).fencing().watchdog()).isEqualTo(Watchdog.NONE);
        assertThat(read(WHOLE + "watchdog: {mode: required, " + absent)
                        .fencing()
                        .watchdog()
                        .mode())
                .isEqualTo(Mode.REQUIRED);
        assertThat(read(WHOLE + "watchdog: {mode: off}\n").fencing()).isEqualTo(FencingSettings.GUARD_ONLY);
    }

    @Test
    void aWatchdogThatWouldBiteInEachRoundIsNotUsed() throws IOException {
        Path device = Files.createFile(folder.resolve("watchdog"));
        String margin = "watchdog: {safety_margin: 19, device: " + device + ", mode: ";
        assertThat(read(WHOLE + margin + "automatic}\n").fencing().watchdog()).isEqualTo(Watchdog.NONE);
        assertThatThrownBy(() -> read(WHOLE + margin + "required}\n"))
                .hasMessageContaining("watchdog.safety_margin makes the watchdog wait 1 s");
    }

    @Test
    void twoStoresAreOneTooMany() {
        assertThatThrownBy(() -> read("name: a\nscope: b\npostgresql: {data_dir: /x}\n"))
                .hasMessageContaining("name the store");
        assertThatThrownBy(() -> read(WHOLE.replace("postgresql:\n", "postgresql: 7\nother:\n")))
                .hasMessageContaining("postgresql is no mapping");
    }

    @Test
    void readsWhoMayUseTheApi() throws IOException {
        AgentConfig.Rest open = read(WHOLE).rest();
        assertThat(open.isSecure()).isFalse();
        assertThat(open.allowlist()).isEmpty();
        Certificates certificates = new Certificates(folder);
        Certificates.Pair own = certificates.issue("fra1", List.of("10.0.0.1"));
        AgentConfig config = read(WHOLE.replace(
                "restapi: {",
                "restapi: {allowlist: [10.0.0.0/8, admin], allowlist_include_members: true, verify_client: optional, "
                        + "cafile: '" + certificates.authority() + "', certfile: '" + own.certificate()
                        + "', keyfile: '"
                        + own.key() + "', "));
        assertThat(config.rest().allowlist()).containsExactly("10.0.0.0/8", "admin");
        assertThat(config.rest().allowlistIncludesMembers()).isTrue();
        assertThat(config.rest().verifyClient()).isEqualTo(AgentConfig.VerifyClient.OPTIONAL);
        assertThat(config.ha().apiUrl()).isEqualTo("https://10.0.0.1:8008/patroni");
        assertThatThrownBy(() -> read(WHOLE.replace(
                        "restapi: {", "restapi: {verify_client: perhaps, certfile: " + folder.resolve("none") + ", ")))
                .hasMessageContaining("restapi.verify_client is neither none nor optional nor required")
                .hasMessageContaining("cannot read " + folder.resolve("none"));
    }

    @Test
    void readsWhatAnotherProgramNeeds() throws IOException {
        Path file = Files.writeString(folder.resolve("ctl.yml"), WHOLE);
        ControlConfig config = ConfigFile.readControl(file);
        assertThat(config.scope()).contains("fra");
        assertThat(config.store("fra").scope().path()).isEqualTo("/service/fra");
        assertThat(config.store("other").scope().path()).isEqualTo("/service/other");
        assertThat(config.credentials()).isEmpty();
        assertThat(config.insecure()).isFalse();
        Files.writeString(file, """
                etcd3: {host: '127.0.0.1:2379'}
                restapi: {authentication: {username: a, password: b}}
                ctl: {insecure: on, authentication: {username: c, password: d}}
                """);
        assertThat(ConfigFile.readControl(file).credentials()).contains(new AgentConfig.Credentials("c", "d"));
        assertThat(ConfigFile.readControl(file).insecure()).isTrue();
        Files.writeString(file, "scope: demo\n");
        assertThatThrownBy(() -> ConfigFile.readControl(file)).hasMessageContaining("name the store");
    }
}
