package io.kad.tck;

import static org.assertj.core.api.Assertions.fail;

import io.kad.api.Identity;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.Transport;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.tck.support.TestData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** A transport with a handler that remembers what it is told. Thread-safe. */
final class TransportPeer implements TransportHandler {

    private final Identity identity;
    private final Transport transport;
    private final Duration maxWait;
    private final List<InboundRequest> requests = new ArrayList<>();
    private final List<TransportEvent> events = new ArrayList<>();
    private volatile BiConsumer<InboundRequest, Responder> responding = TransportPeer::answer;

    /** Starts {@code transport}. */
    TransportPeer(Identity identity, Transport transport, Duration patience) {
        this.identity = identity;
        this.transport = transport;
        this.maxWait = patience;
    }

    Transport transport() {
        return transport;
    }

    PeerId id() {
        return identity.peerId();
    }

    /** Returns this peer with the addresses it listens at. */
    PeerInfo info() {
        return PeerInfo.of(id(), transport.listenAddresses());
    }

    /** Returns this peer without addresses. */
    PeerInfo bare() {
        return PeerInfo.of(id(), List.of());
    }

    /** Answers requests by {@code answering} from now on. */
    void respondWith(BiConsumer<InboundRequest, Responder> answering) {
        responding = answering;
    }

    @Override
    public void onRequest(InboundRequest request, Responder responder) {
        synchronized (this) {
            requests.add(request);
            notifyAll();
        }
        responding.accept(request, responder);
    }

    @Override
    public synchronized void onEvent(TransportEvent event) {
        events.add(event);
        notifyAll();
    }

    /** Returns the requests received so far. */
    synchronized List<InboundRequest> requests() {
        return List.copyOf(requests);
    }

    /** Returns the events of one kind received so far. */
    synchronized <E extends TransportEvent> List<E> events(Class<E> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Waits until {@code count} requests have come. */
    synchronized List<InboundRequest> awaitRequests(int count) throws InterruptedException {
        awaitThat("" + count + " requests", () -> requests.size() >= count);
        return requests();
    }

    /** Waits until the latest event of {@code kind} is as wanted. */
    synchronized <E extends TransportEvent> void awaitLatest(Class<E> kind, Predicate<E> wanted)
            throws InterruptedException {
        awaitThat("a wanted " + kind.getSimpleName() + " among " + events, () -> {
            List<E> received = events(kind);
            return !received.isEmpty() && wanted.test(received.get(received.size() - 1));
        });
    }

    private synchronized void awaitThat(String what, java.util.function.BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + maxWait.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                fail("waited in vain for " + what);
            }
            wait(left);
        }
    }

    /** Answers each request with something that tells which one it was. */
    private static void answer(InboundRequest request, Responder responder) {
        Optional<KadResponse> response = request.request().accept(new Answering());
        response.ifPresentOrElse(responder::respond, responder::finish);
    }

    private static final class Answering implements KadRequest.Visitor<Optional<KadResponse>> {
        @Override
        public Optional<KadResponse> findNode(KadRequest.FindNode request) {
            return Optional.of(new KadResponse.FindNode(List.of(PeerInfo.of(TestData.peer(1), TestData.addresses(1)))));
        }

        @Override
        public Optional<KadResponse> getValue(KadRequest.GetValue request) {
            Record record = Record.of(request.key(), request.key().bytes());
            return Optional.of(new KadResponse.GetValue(Optional.of(record), List.of()));
        }

        @Override
        public Optional<KadResponse> putValue(KadRequest.PutValue request) {
            return Optional.of(new KadResponse.PutValue(request.record()));
        }

        @Override
        public Optional<KadResponse> addProvider(KadRequest.AddProvider request) {
            return Optional.empty();
        }

        @Override
        public Optional<KadResponse> getProviders(KadRequest.GetProviders request) {
            PeerInfo provider = PeerInfo.of(TestData.peer(2), TestData.addresses(2));
            return Optional.of(new KadResponse.GetProviders(List.of(provider), List.of()));
        }

        @Override
        public Optional<KadResponse> ping(KadRequest.Ping request) {
            return Optional.of(new KadResponse.Ping());
        }
    }
}
