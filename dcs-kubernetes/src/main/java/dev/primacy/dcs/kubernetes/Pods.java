// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.kubernetes;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Pods as they were last seen, for what the leader's Endpoints say of them. May be used by any thread. */
final class Pods {
    private final Api api;
    private final Layout layout;
    private final Map<String, KubeObject> seen = new ConcurrentHashMap<>();

    Pods(Api api, Layout layout) {
        this.api = api;
        this.layout = layout;
    }

    KubeObject saw(KubeObject pod) {
        seen.put(pod.name(), pod);
        return pod;
    }

    Optional<KubeObject> last(String name) {
        return Optional.ofNullable(seen.get(name));
    }

    /** As it is now. */
    Optional<KubeObject> find(Call call, String name) {
        Optional<KubeObject> found =
                api.find(call, layout.pods() + "/" + Options.escape(name)).map(KubeObject::of);
        found.ifPresentOrElse(this::saw, () -> seen.remove(name));
        return found;
    }
}
