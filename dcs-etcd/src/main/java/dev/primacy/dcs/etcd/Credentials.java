// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import dev.primacy.dcs.etcd.Options.Login;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The token of whoever is logged in, which all members accept. May be used by any thread. */
final class Credentials {
    private static final String NONE = "";

    private final Optional<Login> login;
    private final AtomicReference<@Nullable String> token = new AtomicReference<>();

    Credentials(Optional<Login> login) {
        this.login = login;
    }

    /** The token, or an empty text if none is needed. Logs in if that was not done. */
    String token(Call call) {
        String known = login.isEmpty() ? NONE : token.get();
        return known != null ? known : logIn(call, login.orElseThrow());
    }

    private String logIn(Call call, Login as) {
        String given;
        try {
            given = call.instead("logging in to etcd as '" + as.user() + "'")
                    .ask(Request.authenticate(as))
                    .value()
                    .getToken();
        } catch (Declined e) {
            // The store has no users now. If that changes, the first request without a token is told so.
            given = NONE;
        }
        token.set(given);
        return given;
    }

    /** It is not valid any more. */
    void forget(String used) {
        token.updateAndGet(now -> used.equals(now) ? null : now);
    }
}
