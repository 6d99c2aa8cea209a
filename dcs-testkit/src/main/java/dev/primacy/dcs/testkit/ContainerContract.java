// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.Lock;
import dev.primacy.dcs.RecordKey;
import dev.primacy.dcs.RecordWrite;
import dev.primacy.dcs.testkit.server.ContainerServers;
import dev.primacy.dcs.testkit.server.StoreServers;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A server in a container: killed, paused and cut off from its network. */
public abstract class ContainerContract extends ServerFaultContract {
    private static final Duration SHORT = Duration.ofMillis(700);

    /** A container that nobody else uses. Called once. */
    protected abstract ContainerServers container();

    @Override
    protected final StoreServers start() {
        return container();
    }

    @Test
    final void aServerOffTheNetworkIsUnreachableAndComesBack() {
        ContainerServers container = (ContainerServers) servers();
        write(a, RecordWrite.create(RecordKey.CONFIG, "kept"));
        Lock lock = acquire(a, "site-1");
        container.disconnect();
        assertThatThrownBy(() -> a.snapshot(SHORT)).isInstanceOf(DcsException.Unreachable.class);
        assertThatThrownBy(() -> a.renew(lock, Optional.empty(), SHORT))
                .isInstanceOf(DcsException.class)
                .isNotInstanceOf(DcsException.Rejected.class);
        container.connect();
        staysWith(lock);
        assertThat(value(b, RecordKey.CONFIG)).hasValue("kept");
    }
}
