package io.kad.tck;

import static org.assertj.core.api.Assertions.assertThat;
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
import io.kad.tck.support.RecordedCallback;
import io.kad.tck.support.TestData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Transport under test, with a handler that records requests and events. Thread-safe. */
final class TransportPeer implements TransportHandler {

    private final Identity identity;
    private final Transport transport;
    /** Time between two looks at what does not notify, such as callbacks. */
    private static final long POLL_MILLIS = 20;

    private final Duration maxWait;
    private final List<InboundRequest> requests = new ArrayList<>();
    private final List<TransportEvent> events = new ArrayList<>();
    private volatile BiConsumer<InboundRequest, Responder> requestHandler = TransportPeer::respond;

    /**
     * Creates the handler of {@code transport}.
     *
     * @param maxWait the longest time to wait for an expected request or event
     */
    TransportPeer(Identity identity, Transport transport, Duration maxWait) {
        this.identity = identity;
        this.transport = transport;
        this.maxWait = maxWait;
    }

    Transport transport() {
        return transport;
    }

    PeerId id() {
        return identity.peerId();
    }

    /** Returns this peer with its listen addresses. */
    PeerInfo info() {
        return PeerInfo.of(id(), transport.listenAddresses());
    }

    /** Returns this peer without addresses. */
    PeerInfo bare() {
        return PeerInfo.of(id(), List.of());
    }

    /** Passes all later requests to {@code handler}. */
    void respondWith(BiConsumer<InboundRequest, Responder> handler) {
        requestHandler = handler;
    }

    @Override
    public void onRequest(InboundRequest request, Responder responder) {
        synchronized (this) {
            requests.add(request);
            notifyAll();
        }
        requestHandler.accept(request, responder);
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

    /** Waits until {@code count} requests were received. */
    synchronized List<InboundRequest> awaitRequests(int count) throws InterruptedException {
        awaitThat("" + count + " requests", () -> requests.size() >= count);
        return requests();
    }

    /** Waits until the latest event of {@code kind} matches {@code expected}. */
    synchronized <E extends TransportEvent> void awaitLatest(Class<E> kind, Predicate<E> expected)
            throws InterruptedException {
        awaitThat("an expected " + kind.getSimpleName() + " among " + events, () -> {
            List<E> received = events(kind);
            return !received.isEmpty() && expected.test(received.get(received.size() - 1));
        });
    }

    /** Waits until a connection or more were reported, and each of them closed, and checks that each was reported once as opened, and closed after that. */
    synchronized void awaitAndCheckConnections() throws InterruptedException {
        awaitThat("the end of each connection among " + events, () -> {
            int opened = events(TransportEvent.ConnectionOpened.class).size();
            return opened > 0 && events(TransportEvent.ConnectionClosed.class).size() >= opened;
        });
        Map<Long, List<Class<?>>> kinds = new TreeMap<>();
        for (TransportEvent event : events) {
            if (event instanceof TransportEvent.ConnectionOpened opened) {
                kinds.computeIfAbsent(opened.connection().id(), id -> new ArrayList<>())
                        .add(TransportEvent.ConnectionOpened.class);
            } else if (event instanceof TransportEvent.ConnectionClosed closed) {
                kinds.computeIfAbsent(closed.connection().id(), id -> new ArrayList<>())
                        .add(TransportEvent.ConnectionClosed.class);
            }
        }
        assertThat(kinds.values())
                .containsOnly(List.of(TransportEvent.ConnectionOpened.class, TransportEvent.ConnectionClosed.class));
    }

    /** Returns whether the identified peer advertises the protocol of the tests. */
    static boolean supportsTheProtocol(TransportEvent.PeerIdentified identified) {
        return identified.identification().protocols().contains(TransportFixture.PROTOCOL);
    }

    /** Waits until each request of {@code callbacks} to this peer has arrived or is delayed. */
    void awaitSentOrQueued(List<RecordedCallback<KadResponse>> callbacks) throws InterruptedException {
        awaitThat(
                callbacks.size() + " requests to arrive or to be delayed",
                () -> requests.size()
                                + callbacks.stream()
                                        .filter(RecordedCallback::isQueued)
                                        .count()
                        >= callbacks.size());
    }

    private synchronized void awaitThat(String description, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + maxWait.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                fail("timed out after " + maxWait.toMillis() + " ms while waiting for " + description);
            }
            wait(Math.min(left, POLL_MILLIS));
        }
    }

    /** Sends a response from which the test can identify the request. */
    private static void respond(InboundRequest request, Responder responder) {
        Optional<KadResponse> response = request.request().accept(new DefaultResponse());
        response.ifPresentOrElse(responder::respond, responder::completeWithoutResponse);
    }

    private static final class DefaultResponse implements KadRequest.Visitor<Optional<KadResponse>> {
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
