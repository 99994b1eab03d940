package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.QueryStats;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.core.query.OutboundRequest;
import io.kad.core.query.QueryListener;
import io.kad.core.query.QueryHost;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestListener;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What queries see of the engine: turns what they want into actions. */
final class EngineHost implements QueryHost, QueryListener {

    private final Turn turn;
    private final RequestLedger ledger;
    private final RoutingKeeper routing;
    private final OwnAddresses addresses;
    private final Deque<QuerySpec> corrections = new ArrayDeque<>();

    EngineHost(Turn turn, RequestLedger ledger, RoutingKeeper routing, OwnAddresses addresses) {
        this.turn = turn;
        this.ledger = ledger;
        this.routing = routing;
        this.addresses = addresses;
    }

    @Override
    public long nanos() {
        return turn.nanos();
    }

    @Override
    public Instant wall() {
        return turn.wall();
    }

    @Override
    public RoutingSnapshot routingTable() {
        return routing.snapshot();
    }

    @Override
    public List<Integer> refreshableBuckets() {
        return routing.refreshableBuckets();
    }

    @Override
    public Optional<PeerInfo> connected(PeerId peer) {
        return routing.connected(peer);
    }

    @Override
    public List<Multiaddr> localAddresses() {
        return addresses.all();
    }

    @Override
    public OutboundRequest sendRequest(QueryId query, PeerInfo peer, KadRequest message, int hop, RequestListener listener) {
        OutboundRequest request = new OutboundRequest(
                ledger.nextRequest(), query, peer.id(), hop, turn.nanos(), routing.isConnected(peer.id()), listener);
        ledger.open(request);
        turn.emit(new EngineAction.SendRequest(request.number(), query, peer, message, routing.timeout(peer.id())));
        return request;
    }

    @Override
    public void cancelRequest(OutboundRequest request) {
        if (ledger.close(request.number()).isPresent()) {
            turn.emit(new EngineAction.CancelRequest(request.number()));
        }
    }

    @Override
    public void loadRecord(QueryId query, RecordKey key) {
        turn.emit(new EngineAction.LoadRecord(ledger.openOperation(query), key));
    }

    @Override
    public void loadProviders(QueryId query, RecordKey key, int limit) {
        turn.emit(new EngineAction.LoadProviders(ledger.openOperation(query), key, limit));
    }

    @Override
    public void saveRecord(QueryId query, Record record) {
        turn.emit(new EngineAction.SaveRecord(ledger.openOperation(query), record));
    }

    @Override
    public void saveProvider(QueryId query, ProviderRecord record) {
        turn.emit(new EngineAction.SaveProvider(ledger.openOperation(query), record));
    }

    @Override
    public void onEvent(QueryEvent event, QueryStats stats) {
        turn.emit(new EngineAction.Report(event, stats));
    }

    @Override
    public void onComplete(QueryId query, java.lang.Record result) {
        turn.emit(new EngineAction.Complete(query, result));
    }

    @Override
    public void onFailure(QueryId query, KadException failure) {
        turn.emit(new EngineAction.Fail(query, failure));
    }

    /** Not begun here, as this is called in the middle of a step of another query. */
    @Override
    public void correctRecord(Record best, List<PeerInfo> peers) {
        corrections.add(new QuerySpec.PutRecordTo(best, peers, Quorum.one()));
    }

    /** Returns a correction that is to be begun, if there is one. */
    Optional<QuerySpec> nextCorrection() {
        return Optional.ofNullable(corrections.poll());
    }
}
