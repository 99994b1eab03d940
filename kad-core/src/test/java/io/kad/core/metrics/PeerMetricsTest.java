package io.kad.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryKind;
import io.kad.api.QueryStats;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.Multihash;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.spi.metrics.Metrics;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.future.QueryObserver;
import io.kad.core.runtime.StoreAccess;
import io.kad.core.runtime.Stores;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PeerMetricsTest {

    private static final PeerId PEER =
            PeerId.fromBytes(Multihash.sha256(Bytes.utf8("a peer")).bytes());
    private static final KadRequest FIND = new KadRequest.FindNode(Bytes.utf8("target"));
    private static final KadResponse FOUND = new KadResponse.FindNode(List.of());
    private static final QueryId QUERY = new QueryId(1);

    private final RecordedMetrics recorded = new RecordedMetrics();
    private long millis = 100;
    private final PeerMetrics metrics = PeerMetrics.of(recorded, () -> millis * 1_000_000);

    private static final class Results implements Callback<KadResponse> {
        final List<String> calls = new ArrayList<>();

        @Override
        public void onQueued() {
            calls.add("delayed");
        }

        @Override
        public void onDequeued() {
            calls.add("resumed");
        }

        @Override
        public void onSuccess(KadResponse result) {
            calls.add("success");
        }

        @Override
        public void onFailure(TransportFailure failure) {
            calls.add("failure");
        }
    }

    @Test
    void withoutAReceiverNothingIsWrapped() {
        PeerMetrics none = PeerMetrics.of(Metrics.NONE, () -> 0);
        Consumer<DhtEvent> events = event -> {};
        Stores stores = new Stores(null, null);
        assertThat(none.measureEvents(events)).isSameAs(events);
        assertThat(none.measureStores(stores)).isSameAs(stores);
        assertThat(none.queryObserver()).isSameAs(QueryObserver.NONE);
        assertThat(none).isSameAs(PeerMetrics.none());
        Ends ends = new Ends();
        assertThat(none.measureResponder(request(false), ends)).isSameAs(ends);
    }

    private static InboundRequest request(boolean redelivered) {
        return new InboundRequest(PEER, Multiaddr.parse("/ip4/192.0.2.1/tcp/1"), FIND, redelivered);
    }

    private static final class Ends implements Responder {
        final List<String> calls = new ArrayList<>();

        @Override
        public void respond(KadResponse response) {
            calls.add("respond");
        }

        @Override
        public void completeWithoutResponse() {
            calls.add("finish");
        }

        @Override
        public void reset() {
            calls.add("reset");
        }
    }

    @Test
    void aRedeliveredRequestIsMeasuredOnce() {
        Ends ends = new Ends();
        for (boolean redelivered : new boolean[] {false, true}) {
            Responder responder = metrics.measureResponder(request(redelivered), ends);
            millis += 3;
            responder.respond(FOUND);
        }
        assertThat(ends.calls).containsExactly("respond", "respond");
        assertThat(recorded.sums()).isEqualTo(Map.of("kad.requests.served[FIND_NODE, ok]", 3L));
    }

    @Test
    void aRequestIsMeasuredWithoutItsDelay() {
        RequestMetrics requests = new RequestMetrics(recorded, () -> millis * 1_000_000);
        Results results = new Results();
        Callback<KadResponse> measured = requests.sent(FIND, results);
        millis += 5;
        measured.onQueued();
        millis += 50;
        measured.onDequeued();
        millis += 7;
        measured.onSuccess(FOUND);
        assertThat(results.calls).containsExactly("delayed", "resumed", "success");
        assertThat(recorded.sums()).isEqualTo(Map.of("kad.requests.sent[FIND_NODE, ok]", 7L));
    }

    @Test
    void aRequestThatFailsIsMeasuredByTheKindOfItsFailure() {
        RequestMetrics requests = new RequestMetrics(recorded, () -> millis * 1_000_000);
        for (TransportFailure failure :
                new TransportFailure[] {new TransportFailure(TransportFailure.Kind.WRONG_PEER, "another peer"), null}) {
            Results results = new Results();
            Callback<KadResponse> measured = requests.sent(FIND, results);
            millis += 3;
            measured.onFailure(failure);
            assertThat(results.calls).containsExactly("failure");
        }
        assertThat(recorded.sums())
                .isEqualTo(Map.of(
                        "kad.requests.sent[FIND_NODE, wrong-peer]", 3L, "kad.requests.sent[FIND_NODE, defect]", 3L));
    }

    @Test
    void queriesAreMeasuredByKindAndOutcome() {
        QueryObserver queries = metrics.queryObserver();
        QueryStats stats = new QueryStats(9, 8, 1, 3, Duration.ofMillis(40));
        queries.onEvent(QueryKind.GET_RECORD, new QueryEvent.Converged(QUERY, List.of()), stats);
        queries.onEvent(QueryKind.GET_RECORD, new QueryEvent.Ended(QUERY, stats), stats);
        queries.onEnd(QueryKind.GET_RECORD, stats, Optional.empty());
        queries.onEnd(QueryKind.GET_RECORD, stats, Optional.of(new KadException.Closed("closed")));
        queries.onCancel(QueryKind.PUT_RECORD, stats);
        queries.onEnd(QueryKind.PUT_RECORD, stats, Optional.of(new IllegalStateException()));
        assertThat(recorded.sums())
                .isEqualTo(new TreeMap<>(Map.of(
                        "kad.queries.converged[get-record]", 40L,
                        "kad.queries[get-record, ok]", 40L,
                        "kad.queries[get-record, closed]", 40L,
                        "kad.queries[put-record, cancelled]", 40L,
                        "kad.queries[put-record, defect]", 40L,
                        "kad.queries.hops[get-record]", 6L,
                        "kad.queries.hops[put-record]", 6L,
                        "kad.queries.requests[get-record]", 18L,
                        "kad.queries.requests[put-record]", 18L)));
    }

    private static ConnectionInfo connection(String transport) {
        return new ConnectionInfo(
                1,
                PEER,
                Multiaddr.parse("/ip4/192.0.2.1/tcp/1"),
                ConnectionInfo.Direction.INBOUND,
                transport,
                "tls",
                "yamux",
                0);
    }

    @Test
    void connectionsAreCountedByTheNameOfTheirTransport() {
        Consumer<DhtEvent> events = metrics.measureEvents(event -> {});
        for (String transport : List.of("tcp", "quic", "carrier-pigeon", "anything")) {
            events.accept(
                    new DhtEvent.TransportEventReceived(new TransportEvent.ConnectionOpened(connection(transport))));
        }
        assertThat(recorded.all())
                .containsEntry("kad.connections.opened[inbound, tcp]", 1L)
                .containsEntry("kad.connections.opened[inbound, quic]", 1L)
                .containsEntry("kad.connections.opened[inbound, other]", 2L)
                .containsEntry("kad.connections.closed[outbound, quic]", 0L)
                .containsEntry("kad.connections.closed[outbound, other]", 0L);
    }

    @Test
    void aLabelIsMadeOnce() {
        assertThat(LabelText.of(QueryKind.GET_CLOSEST_PEERS))
                .isEqualTo("get-closest-peers")
                .isSameAs(LabelText.of(QueryKind.GET_CLOSEST_PEERS));
        KadException closed = new KadException.Closed("closed");
        assertThat(LabelText.failure(closed)).isEqualTo("closed").isSameAs(LabelText.failure(closed));
        assertThat(LabelText.typeName(StoreException.TooLarge.class))
                .isEqualTo("too-large")
                .isSameAs(LabelText.typeName(StoreException.TooLarge.class));
    }

    @Test
    void eventsAreCountedAndPassedOn() {
        List<DhtEvent> passed = new ArrayList<>();
        Consumer<DhtEvent> events = metrics.measureEvents(passed::add);
        ConnectionInfo connection = connection("quic");
        List<DhtEvent> all = List.of(
                new DhtEvent.RoutingUpdated(PEER, true, List.of(), 255, Optional.of(PEER)),
                new DhtEvent.RoutingUpdated(PEER, false, List.of(), 255, Optional.empty()),
                new DhtEvent.PeerRemoved(PEER),
                new DhtEvent.PendingPeer(PEER),
                new DhtEvent.RecordEvicted(RecordKey.utf8("/a/b"), RecordKey.utf8("/a/c")),
                new DhtEvent.QuotaExceeded(PEER, RecordKey.utf8("/a/b"), "192.0.2.0/24", "max-entries-per-network", 1),
                new DhtEvent.CorrectionSkipped(RecordKey.utf8("/a/b"), 1),
                new DhtEvent.Republished(
                        DhtEvent.RepublishKind.RECORD,
                        RecordKey.utf8("/a/b"),
                        0,
                        Optional.of(new KadException.Closed("closed"))),
                new DhtEvent.TransportEventReceived(new TransportEvent.ConnectionOpened(connection)),
                new DhtEvent.TransportEventReceived(new TransportEvent.ConnectionClosed(connection, 0)),
                new DhtEvent.TransportEventReceived(new TransportEvent.DialFailed(
                        PEER,
                        Multiaddr.parse("/ip4/192.0.2.1/tcp/1"),
                        new TransportFailure(TransportFailure.Kind.REFUSED, "refused"))));
        all.forEach(events);
        assertThat(passed).isEqualTo(all);
        String kind = LabelText.of(DhtEvent.RepublishKind.RECORD);
        assertThat(recorded.sums())
                .containsOnlyKeys(
                        "kad.routing.table.changes[added]",
                        "kad.routing.table.changes[updated]",
                        "kad.routing.table.changes[evicted]",
                        "kad.routing.table.changes[removed]",
                        "kad.routing.table.changes[pending]",
                        "kad.records.evicted[]",
                        "kad.quotas.exceeded[max-entries-per-network]",
                        "kad.corrections.skipped[]",
                        "kad.republications[" + kind + ", closed]",
                        "kad.connections.opened[inbound, quic]",
                        "kad.connections.closed[inbound, quic]",
                        "kad.dials.failed[refused]");
        assertThat(recorded.sums().values()).containsOnly(1L);
    }

    @Test
    void storeCallsAreMeasuredByOutcome() {
        StoreMetrics store = new StoreMetrics(recorded, "records", () -> millis * 1_000_000);
        StoreAccess<Object> access = store.measure(
                new StoreAccess<>("store", new Object(), new Object(), false, () -> {}, Runnable::run, Runnable::run));
        List<Object> ends = new ArrayList<>();
        access.call(called -> millis += 4, ends::add, ends::add);
        access.call(
                called -> {
                    millis += 5;
                    throw new StoreException.TooLarge("too large");
                },
                ends::add,
                ends::add);
        access.call(
                called -> {
                    millis += 6;
                    throw new IllegalStateException("broken");
                },
                ends::add,
                ends::add);
        assertThat(ends).hasSize(3);
        assertThat(recorded.sums())
                .isEqualTo(Map.of(
                        "kad.store.calls[records, ok]", 4L,
                        "kad.store.calls[records, too-large]", 5L,
                        "kad.store.calls[records, defect]", 6L));
    }

    @Test
    void theOutcomesThatAlertsWatchAreThereBeforeTheFirstCall() {
        for (String store : List.of("records", "providers")) {
            for (String outcome : List.of("ok", "full", "share-reached", "too-large", "failed", "defect")) {
                assertThat(recorded.all()).containsEntry("kad.store.calls[" + store + ", " + outcome + "]", 0L);
            }
        }
    }

    @Test
    void statisticsAreReadOnceForAReading() throws Exception {
        StoreMetrics store = new StoreMetrics(recorded, "records", () -> millis * 1_000_000);
        List<String> reads = new ArrayList<>();
        store.addGauges(() -> {
            reads.add("read");
            if (reads.size() == 3) {
                throw new StoreException.Closed("closed");
            }
            return Map.of("records", (long) reads.size(), "bytes", 7L);
        });
        assertThat(recorded.gauge("kad.store[records, records]")).isEqualTo(1);
        assertThat(recorded.gauge("kad.store[records, bytes]")).isEqualTo(7);
        assertThat(reads).hasSize(1);
        millis += 1000;
        assertThat(recorded.gauge("kad.store[records, records]")).isEqualTo(2);
        millis += 1000;
        assertThat(recorded.gauge("kad.store[records, records]")).isNaN();
        assertThat(reads).hasSize(3);
    }
}
