package io.kad.core.metrics;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.Transport;
import io.kad.core.plugin.ForwardingTransport;
import java.time.Duration;

/** Transport that measures the requests of another one. */
record MeasuredTransport(Transport transport, RequestMetrics metrics) implements ForwardingTransport {

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return transport.request(peer, request, timeout, metrics.sent(request, callback));
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return transport.send(peer, request, timeout, metrics.sent(request, callback));
    }
}
