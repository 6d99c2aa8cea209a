// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.Dcs;
import dev.primacy.dcs.DcsException;
import dev.primacy.time.Loop;
import dev.primacy.time.ThreadLoops;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kiwiproject.consul.model.ConsulResponse;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.option.ImmutableQueryOptions;
import org.kiwiproject.consul.option.QueryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for changes of a scope with requests that Consul answers when something has changed. */
final class KeyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);
    private static final int WAIT_SECONDS = 30;
    /** Consul lengthens each wait by up to a sixteenth of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Agent agent;
    private final Tree tree;
    private final String base;
    private final Runnable hint;
    private final Dcs.Watch sessionHint;
    private final Loop loop;
    private BigInteger index = BigInteger.ZERO;
    private Map<String, List<Object>> told = Map.of();
    private Duration pause = FIRST_PAUSE;

    /**
     * Starts to watch.
     *
     * @param sessionHint closed with this watch
     */
    KeyWatch(Agent agent, Tree tree, Runnable hint, Dcs.Watch sessionHint) {
        this.agent = agent;
        this.tree = tree;
        this.base = tree.base;
        this.hint = hint;
        this.sessionHint = sessionHint;
        this.loop = new ThreadLoops((name, problem) -> LOG.warn("{}", name, problem))
                .start("consul-watch-" + base, this::look);
    }

    /** One request. The first answer after a failure is a hint too, since nobody knows what was missed. */
    private Duration look() {
        Call call = agent.call("watching", base, PATIENCE);
        ConsulResponse<List<Value>> answer;
        try {
            QueryOptions options = options();
            answer = agent.read(
                    call, consul -> consul.keyValueClient().getConsulResponseWithValues(base + "/", options));
        } catch (DcsException e) {
            LOG.debug("{}", e.getMessage());
            index = BigInteger.ZERO;
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            return pause;
        }
        BigInteger seen = answer.getIndex();
        // Where there are no keys at all the client gives no list.
        Map<String, List<Object>> telling =
                tree.telling(Optional.ofNullable(answer.getResponse()).orElseGet(List::of));
        boolean wentBack = seen.compareTo(index) < 0;
        boolean changed = index.signum() == 0 || wentBack || !telling.equals(told);
        told = telling;
        // An index that went back is of a store that was restored; waiting for more than it would take for ever.
        index = wentBack ? BigInteger.ZERO : seen;
        pause = FIRST_PAUSE;
        if (changed) {
            hint.run();
        }
        // Without an index there is nothing to wait for, and the next request would be answered at once.
        return index.signum() == 0 ? FIRST_PAUSE : Duration.ZERO;
    }

    private QueryOptions options() {
        ImmutableQueryOptions.Builder options =
                index.signum() == 0 ? ImmutableQueryOptions.builder() : QueryOptions.blockSeconds(WAIT_SECONDS, index);
        return options.consistencyMode(agent.options().consistency())
                .datacenter(agent.options().dc())
                .build();
    }

    @Override
    public void close() {
        loop.close();
        sessionHint.close();
    }
}
