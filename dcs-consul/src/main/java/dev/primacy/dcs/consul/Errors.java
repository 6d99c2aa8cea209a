// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.consul;

import dev.primacy.dcs.DcsException;
import dev.primacy.dcs.consul.Requests.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.ConsulException;

/** What may be concluded from what Consul answered, or from what the network did. */
final class Errors {
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private Errors() {}

    /** The exception for a request that failed. */
    static DcsException of(Call call, boolean writes, @Nullable Throwable problem) {
        if (problem instanceof Refused refused) {
            return refused(call, writes, refused);
        }
        // From our interceptor, or from the library, where it could not read an answer.
        if (problem instanceof UncheckedIOException || problem instanceof ConsulException) {
            if (problem.getCause() instanceof IOException io) {
                return broken(call, writes, io);
            }
        }
        throw new IllegalStateException(problem);
    }

    private static DcsException refused(Call call, boolean writes, Refused answer) {
        int status = answer.status();
        if (status == FORBIDDEN) {
            return forbidden(call, answer.body(), answer);
        }
        if (status == TOO_MANY_REQUESTS) {
            return call.failed(false, answer.getMessage() + "; raise the agent's limits", answer);
        }
        if (status < SERVER_ERROR) {
            return call.rejected("Consul answered " + answer.getMessage(), answer);
        }
        // Nobody took the request, since nobody was there to take it. All other trouble may have come after that.
        boolean nobody = answer.body().endsWith("No cluster leader");
        return call.failed(writes && !nobody, answer.getMessage() + "; see the servers' log", answer);
    }

    /** The token does not allow it. */
    static DcsException.Rejected forbidden(Call call, String why, @Nullable Throwable cause) {
        return call.rejected(
                "Consul answered '" + why + "'; the token needs key_prefix write on the scope and session write on the"
                        + " agent's node",
                cause);
    }

    private static DcsException broken(Call call, boolean writes, IOException cause) {
        if (cause instanceof SSLPeerUnverifiedException
                || (cause instanceof SSLHandshakeException && !(cause.getCause() instanceof IOException))) {
            return call.rejected(
                    "no TLS connection to Consul: " + cause.getMessage() + "; check cacert, cert and key", cause);
        }
        boolean unsent = cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException;
        return call.unanswered(writes && !unsent, "no answer (" + cause.getMessage() + ")", cause);
    }
}
