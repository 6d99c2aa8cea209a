// SPDX-License-Identifier: Apache-2.0
package dev.primacy.dcs.etcd;

import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events of one scope from one server, in the order in which they happened, until it ends for whatever reason. */
final class WatchStream {
    /** Called by one thread at a time. */
    interface Listener {
        /** The server watches from now on. */
        void began(WatchStream stream);

        /** All events up to the last one of these are known now: those of one revision come together. */
        void happened(WatchStream stream, List<Event> events);

        /** Nothing comes any more, and something may have been missed. */
        void ended(WatchStream stream, String reason);
    }

    private final Endpoint endpoint;
    private final int reconnects;
    private final Guard guard;
    private final Listener listener;
    private final Responses responses = new Responses();

    /**
     * Begins to watch; does not wait for anything.
     *
     * @param from the first revision of interest; 0 is the next one
     */
    WatchStream(Endpoint endpoint, String token, Guard guard, Keys keys, long from, Listener listener) {
        this.endpoint = endpoint;
        this.reconnects = endpoint.reconnects();
        this.guard = guard;
        this.listener = listener;
        WatchCreateRequest create = WatchCreateRequest.newBuilder()
                .setKey(keys.first())
                .setRangeEnd(keys.end())
                .setStartRevision(from)
                .build();
        WatchGrpc.newStub(Attempt.authorized(endpoint.channel(), token))
                .watch(responses)
                .onNext(WatchRequest.newBuilder().setCreateRequest(create).build());
    }

    Address address() {
        return endpoint.address();
    }

    /** Whether it comes from there, over the present connection. */
    boolean isOn(Endpoint best) {
        return endpoint.equals(best) && reconnects == endpoint.reconnects();
    }

    void close() {
        responses.cancel();
    }

    private final class Responses implements ClientResponseObserver<WatchRequest, WatchResponse> {
        private volatile @Nullable ClientCallStreamObserver<WatchRequest> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(WatchResponse response) {
            Optional<String> foreign = guard.checkCluster(response.getHeader());
            if (foreign.isPresent() || response.getCanceled()) {
                cancel();
                listener.ended(
                        WatchStream.this,
                        foreign.orElseGet(() -> response.getCompactRevision() > 0
                                ? "its start was compacted away"
                                : response.getCancelReason()));
            } else if (response.getCreated()) {
                listener.began(WatchStream.this);
            } else if (response.getEventsCount() > 0) {
                listener.happened(WatchStream.this, response.getEventsList());
            }
        }

        @Override
        public void onError(Throwable problem) {
            listener.ended(WatchStream.this, String.valueOf(problem.getMessage()));
        }

        @Override
        public void onCompleted() {
            listener.ended(WatchStream.this, "ended by the server");
        }

        private void cancel() {
            ClientCallStreamObserver<WatchRequest> stream = requests;
            if (stream != null) {
                stream.cancel("no longer needed", null);
            }
        }
    }
}
