package io.kad.core.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.Query;
import io.kad.api.QueryKind;
import io.kad.api.QueryPhase;
import io.kad.api.QueryStats;
import io.kad.api.RunningQuery;
import io.kad.api.event.DhtEvent;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.PutResult;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.engine.EngineAction;
import io.kad.core.engine.EngineEvent;
import io.kad.core.engine.Peers;
import io.kad.core.event.RecordingSubscriber;
import io.kad.core.routing.RoutingTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user sees of running queries and of served requests. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
class QueryViewsTest {

    private static final RecordKey KEY = RecordKey.utf8("/app/x");
    private static final Record RECORD = Record.of(KEY, Bytes.utf8("v"));

    private static final QueryStats STATS = new QueryStats(4, 2, 1, 1, Duration.ofMillis(5));

    private final PeerFixture fixture = new PeerFixture();

    private RunningQuery viewAfter(Query<PutResult> query, QueryEvent... events) {
        fixture.engine.on(
                EngineEvent.RemovePeer.class,
                (event, out) ->
                        Stream.of(events).forEach(step -> out.emit(new EngineAction.EmitQueryEvent(step, STATS))));
        var unused = fixture.peer.removePeer(Peers.peer(1));
        fixture.world.settle();
        assertThat(query.result()).isNotDone();
        return fixture.peer.queries().get(0);
    }

    @Test
    void aRunningQueryNamesItsKeyItsPhaseAndWhatItHasFound() {
        Query<PutResult> query = fixture.peer.putRecord(RECORD, Quorum.one());
        fixture.world.settle();
        assertThat(fixture.peer.queries()).singleElement().satisfies(view -> {
            assertThat(view.key()).isEqualTo(KEY.bytes());
            assertThat(view.phase()).isEqualTo(QueryPhase.START);
            assertThat(view.kind()).isEqualTo(QueryKind.PUT_RECORD);
            assertThat(view.eventCount()).isZero();
            assertThat(view.stats()).isEqualTo(QueryStats.NONE);
        });

        QueryEvent sent = new QueryEvent.RequestSent(
                query.id(),
                Peers.peer(1),
                KadKey.hash(KEY.bytes()).distance(Peers.peer(1).kadKey()),
                1);
        assertThat(viewAfter(query, sent).phase()).isEqualTo(QueryPhase.LOOKUP);
        RunningQuery storing = viewAfter(
                query,
                new QueryEvent.Converged(query.id(), List.of(Peers.peer(1))),
                new QueryEvent.RecordStored(query.id(), Peers.peer(1)));
        assertThat(storing.phase()).isEqualTo(QueryPhase.STORE);
        assertThat(storing.found()).isEqualTo(1);
        assertThat(storing.eventCount()).isEqualTo(3);
        assertThat(storing.stats()).isEqualTo(STATS);
    }

    @Test
    void aPutToGivenPeersStoresFromItsFirstRequest() {
        Query<PutResult> query = fixture.peer.putRecordTo(RECORD, List.of(Peers.info(1)), Quorum.one());
        fixture.world.settle();
        QueryEvent sent = new QueryEvent.RequestSent(
                query.id(),
                Peers.peer(1),
                KadKey.hash(KEY.bytes()).distance(Peers.peer(1).kadKey()),
                1);

        assertThat(viewAfter(query, sent).phase()).isEqualTo(QueryPhase.STORE);
    }

    @Test
    void aServedRequestSaysWhatItsResponseHad() throws StoreException {
        RecordingSubscriber<DhtEvent> subscriber = new RecordingSubscriber<>(10);
        fixture.peer.events().subscribe(subscriber);
        fixture.records.update(KEY, stored -> Optional.of(RECORD));
        fixture.providers.add(new ProviderRecord(KEY, Peers.peer(7), List.of(Peers.address(7)), Optional.empty()));
        routeTo(2, 3);
        KadRequest get = new KadRequest.GetValue(KEY);
        KadRequest getAbsent = new KadRequest.GetValue(RecordKey.utf8("/app/other"));
        KadRequest getProviders = new KadRequest.GetProviders(KEY);
        KadRequest findNode = new KadRequest.FindNode(KEY.bytes());
        List.of(get, getAbsent, getProviders, findNode).forEach(this::serve);

        assertThat(subscriber.events)
                .containsExactly(
                        new DhtEvent.RequestServed(inbound(get), true, 2, 0, true),
                        new DhtEvent.RequestServed(inbound(getAbsent), true, 2, 0, false),
                        new DhtEvent.RequestServed(inbound(getProviders), true, 2, 1, false),
                        new DhtEvent.RequestServed(inbound(findNode), true, 2, 0, false));
    }

    /** Has these peers in the routing table. */
    private void routeTo(int... peers) {
        RoutingTable table = new RoutingTable(fixture.peer.peerId(), 20, 1, 16);
        for (int peer : peers) {
            table.insert(0, Peers.peer(peer), List.of(Peers.address(peer)), false);
        }
        fixture.engine.on(
                EngineEvent.RemovePeer.class,
                (event, out) -> out.emit(new EngineAction.UpdateRoutingSnapshot(table.snapshot())));
        var unused = fixture.peer.removePeer(Peers.peer(1));
        fixture.world.settle();
    }

    private static InboundRequest inbound(KadRequest request) {
        return new InboundRequest(Peers.peer(1), Peers.address(1), request);
    }

    private void serve(KadRequest request) {
        fixture.transport.handler.onRequest(inbound(request), new Responder() {
            @Override
            public void respond(KadResponse response) {}

            @Override
            public void completeWithoutResponse() {}

            @Override
            public void reset() {}
        });
        fixture.world.settle();
    }
}
