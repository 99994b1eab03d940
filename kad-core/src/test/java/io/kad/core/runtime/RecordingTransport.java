package io.kad.core.runtime;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.Cancellable;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A transport that keeps what it is asked for; a test says what comes of it. */
public class RecordingTransport implements Transport {

    /** Something asked for. */
    public static final class Call<T> implements Cancellable {

        public final PeerInfo peer;
        public final Object message;
        public final Callback<T> callback;
        public boolean cancelled;

        Call(PeerInfo peer, Object message, Callback<T> callback) {
            this.peer = peer;
            this.message = message;
            this.callback = callback;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    public final List<Call<KadResponse>> requests = new ArrayList<>();
    public final List<Call<Void>> messages = new ArrayList<>();
    public final List<Call<ConnectionInfo>> connects = new ArrayList<>();
    final List<Call<PeerIdentification>> identifies = new ArrayList<>();
    public final List<Call<Duration>> pings = new ArrayList<>();
    public final List<Callback<List<Multiaddr>>> listens = new ArrayList<>();
    public final List<Boolean> served = new ArrayList<>();
    final List<Set<Multiaddr>> announced = new ArrayList<>();
    public final List<PeerInfo> trusted = new ArrayList<>();
    public List<Multiaddr> listenAddresses = List.of();
    public TransportHandler handler;
    public Throwable defect;
    /** Lets every call return null. */
    public boolean returnsNull;

    public Map<String, Long> counters = Map.of();
    public int closes;

    public RecordingTransport() {}

    /** Runs in each call. */
    public Runnable onCall = () -> {};

    private void throwDefect() {
        onCall.run();
        if (defect instanceof Error error) {
            throw error;
        } else if (defect instanceof RuntimeException exception) {
            throw exception;
        }
    }

    private <T> Call<T> keep(List<Call<T>> calls, PeerInfo peer, Object message, Callback<T> callback) {
        throwDefect();
        Call<T> call = new Call<>(peer, message, callback);
        calls.add(call);
        return returnsNull ? null : call;
    }

    @Override
    public void start(TransportHandler handler) {
        this.handler = handler;
    }

    @Override
    public void listen(Multiaddr address, Callback<List<Multiaddr>> callback) {
        throwDefect();
        listens.add(callback);
    }

    @Override
    public void serve(boolean enabled) {
        throwDefect();
        served.add(enabled);
    }

    @Override
    public void announce(Set<Multiaddr> externalAddresses) {
        throwDefect();
        announced.add(externalAddresses);
    }

    @Override
    public void trustAddresses(PeerInfo peer) {
        throwDefect();
        trusted.add(peer);
    }

    @Override
    public List<Multiaddr> listenAddresses() {
        return listenAddresses;
    }

    @Override
    public Cancellable request(PeerInfo peer, KadRequest request, Duration timeout, Callback<KadResponse> callback) {
        return keep(requests, peer, request, callback);
    }

    @Override
    public Cancellable send(PeerInfo peer, KadRequest.AddProvider request, Duration timeout, Callback<Void> callback) {
        return keep(messages, peer, request, callback);
    }

    @Override
    public Cancellable connect(PeerInfo peer, Duration timeout, Callback<ConnectionInfo> callback) {
        return keep(connects, peer, timeout, callback);
    }

    @Override
    public Cancellable identify(PeerInfo peer, Duration timeout, Callback<PeerIdentification> callback) {
        return keep(identifies, peer, timeout, callback);
    }

    @Override
    public Cancellable ping(PeerInfo peer, Duration timeout, Callback<Duration> callback) {
        return keep(pings, peer, timeout, callback);
    }

    @Override
    public void disconnect(PeerId peer) {}

    @Override
    public List<ConnectionInfo> connections() {
        throwDefect();
        return returnsNull ? null : List.of();
    }

    @Override
    public void close() {
        closes++;
        TransportFailure closed = new TransportFailure(TransportFailure.Kind.CLOSED, "closed");
        for (Call<KadResponse> request : requests) {
            request.callback.onFailure(closed);
        }
        for (Call<Duration> ping : pings) {
            ping.callback.onFailure(closed);
        }
    }

    @Override
    public Map<String, Long> counters() {
        return counters;
    }
}
