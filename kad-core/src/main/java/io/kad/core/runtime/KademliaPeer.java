package io.kad.core.runtime;

import io.kad.api.KadException;
import io.kad.api.Kademlia;
import io.kad.api.KademliaConfig;
import io.kad.api.Mode;
import io.kad.api.Query;
import io.kad.api.QueryId;
import io.kad.api.RoutingTableView;
import io.kad.api.RoutingUpdate;
import io.kad.api.RunningQuery;
import io.kad.api.StoreSizes;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.result.Bootstrapped;
import io.kad.api.result.ClosestPeers;
import io.kad.api.result.FoundPeer;
import io.kad.api.result.FoundProviders;
import io.kad.api.result.FoundRecord;
import io.kad.api.result.StoredRecord;
import io.kad.api.spi.ConnectionInfo;
import io.kad.api.spi.PeerIdentification;
import io.kad.core.engine.EngineEvent;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/** A peer: what users ask of it becomes events of the engine, calls of the transport and calls of the stores. Thread-safe. */
final class KademliaPeer implements Kademlia {

    /** Commands of users that may wait for the engine, beside the queries that may run. */
    private static final int MAX_WAITING_COMMANDS = 65_536;

    private final PeerId self;
    private final KademliaConfig config;
    private final PeerParts parts;
    private final AtomicLong numbers = new AtomicLong();
    private volatile Set<Multiaddr> externalAddresses = Set.of();

    KademliaPeer(PeerId self, KademliaConfig config, PeerParts parts) {
        this.self = self;
        this.config = config;
        this.parts = parts;
    }

    @Override
    public PeerId peerId() {
        return self;
    }

    @Override
    public KademliaConfig config() {
        return config;
    }

    @Override
    public Mode mode() {
        return parts.driver().isServing() ? Mode.SERVER : Mode.CLIENT;
    }

    @Override
    public CompletionStage<Void> mode(Mode mode) {
        return afterTurn(new EngineEvent.SetMode(mode));
    }

    @Override
    public CompletionStage<List<Multiaddr>> listen(Multiaddr address) {
        return parts.calls().call(callback -> parts.transport().listen(address, callback));
    }

    @Override
    public List<Multiaddr> addresses() {
        Set<Multiaddr> addresses = new LinkedHashSet<>(externalAddresses);
        addresses.addAll(parts.transport().listenAddresses());
        return List.copyOf(addresses);
    }

    @Override
    public CompletionStage<Void> externalAddresses(Set<Multiaddr> addresses) {
        externalAddresses = Set.copyOf(addresses);
        return afterTurn(new EngineEvent.SetExternalAddresses(externalAddresses));
    }

    @Override
    public Flow.Publisher<DhtEvent> events() {
        return parts.events();
    }

    // --- queries

    @Override
    public Query<ClosestPeers> getClosestPeers(Bytes key, int count) {
        int k = config.get(KademliaConfig.K);
        if (count < 1 || count > k) {
            throw new IllegalArgumentException("a lookup finds 1 to " + k + " peers, not " + count);
        }
        return start(new QuerySpec.GetClosestPeers(key, count));
    }

    @Override
    public Query<FoundPeer> findPeer(PeerId peer) {
        return start(new QuerySpec.FindPeer(peer));
    }

    @Override
    public Query<FoundRecord> getRecord(RecordKey key, Quorum quorum) {
        return start(new QuerySpec.GetRecord(key, quorum));
    }

    @Override
    public Query<StoredRecord> putRecord(Record record, Quorum quorum) {
        return start(new QuerySpec.PutRecord(record, quorum));
    }

    @Override
    public Query<StoredRecord> putRecordTo(Record record, List<PeerInfo> peers, Quorum quorum) {
        return start(new QuerySpec.PutRecordTo(record, peers, quorum));
    }

    @Override
    public Query<StoredRecord> startProviding(RecordKey key) {
        return start(new QuerySpec.StartProviding(key, addresses()));
    }

    @Override
    public Query<FoundProviders> getProviders(RecordKey key, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a number of providers is not negative: " + count);
        }
        return start(new QuerySpec.GetProviders(key, count));
    }

    @Override
    public Query<Bootstrapped> bootstrap() {
        return start(new QuerySpec.Bootstrap(self));
    }

    private <T> Query<T> start(QuerySpec spec) {
        QueryId id = new QueryId(numbers.incrementAndGet());
        EngineDriver driver = parts.driver();
        QueryHandle<T> query = new QueryHandle<>(
                id,
                spec.kind(),
                spec.key(),
                parts.environment().callbackExecutor(),
                finished -> driver.post(new EngineEvent.FinishQuery(finished)),
                this::abandon);
        driver.queries().put(id, query);
        if (driver.isClosed()) {
            driver.queries().remove(id);
            query.fail(EngineDriver.closedException());
        } else if (!driver.offer(new EngineEvent.StartQuery(id, spec), MAX_WAITING_COMMANDS)) {
            driver.queries().remove(id);
            query.fail(new KadException.Overloaded("too many commands wait for this peer"));
        }
        return query;
    }

    private void abandon(QueryId query) {
        parts.driver().queries().remove(query);
        parts.driver().post(new EngineEvent.CancelQuery(query));
    }

    @Override
    public List<RunningQuery> queries() {
        return parts.driver().queries().values().stream()
                .map(QueryHandle::running)
                .toList();
    }

    @Override
    public Optional<Query<?>> query(QueryId id) {
        return Optional.ofNullable(parts.driver().queries().get(id));
    }

    // --- own records

    @Override
    public CompletionStage<Boolean> removeRecord(RecordKey key) {
        return parts.calls().onStores(stores -> {
            boolean[] removed = new boolean[1];
            stores.records().update(key, held -> {
                removed[0] =
                        held.flatMap(Record::publisher).filter(self::equals).isPresent();
                return removed[0] ? Optional.empty() : held;
            });
            return removed[0];
        });
    }

    @Override
    public CompletionStage<Boolean> stopProviding(RecordKey key) {
        return parts.calls().onStores(stores -> stores.providers().remove(key, self));
    }

    @Override
    public CompletionStage<StoreSizes> storeSizes() {
        return parts.calls()
                .onStores(stores -> new StoreSizes(
                        stores.records().size(), stores.providers().size()));
    }

    // --- routing table

    @Override
    public CompletionStage<RoutingUpdate> addAddress(PeerId peer, Multiaddr address) {
        CompletableFuture<RoutingUpdate> answer = new CompletableFuture<>();
        long number = numbers.incrementAndGet();
        parts.driver().additions().put(number, answer);
        return command(new EngineEvent.AddAddress(number, peer, address), answer);
    }

    @Override
    public CompletionStage<Boolean> removeAddress(PeerId peer, Multiaddr address) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        long number = numbers.incrementAndGet();
        parts.driver().removals().put(number, answer);
        return command(new EngineEvent.RemoveAddress(number, peer, address), answer);
    }

    @Override
    public CompletionStage<Boolean> removePeer(PeerId peer) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        long number = numbers.incrementAndGet();
        parts.driver().removals().put(number, answer);
        return command(new EngineEvent.RemovePeer(number, peer), answer);
    }

    private <T> CompletableFuture<T> command(EngineEvent event, CompletableFuture<T> answer) {
        if (parts.driver().isClosed()) {
            answer.completeExceptionally(EngineDriver.closedException());
        } else if (!parts.driver().offer(event, MAX_WAITING_COMMANDS)) {
            answer.completeExceptionally(new KadException.Overloaded("too many commands wait for this peer"));
        }
        return answer;
    }

    /** Hands {@code event} to the engine and completes when its effects are there to be seen. */
    private CompletionStage<Void> afterTurn(EngineEvent event) {
        CompletableFuture<Boolean> posted = command(event, new CompletableFuture<>());
        // A removal of somebody who can't be there is answered in the turn after the event
        return posted.isDone()
                ? posted.thenAccept(done -> {})
                : removePeer(self).thenAccept(done -> {});
    }

    @Override
    public RoutingTableView routingTable() {
        return parts.driver().table().view();
    }

    @Override
    public List<PeerInfo> closestLocalPeers(Bytes key, int count) {
        return parts.driver().table().closest(KadKey.hash(key), count);
    }

    // --- connections

    @Override
    public CompletionStage<ConnectionInfo> connect(PeerInfo peer, Duration timeout) {
        return parts.calls().call(callback -> parts.transport().connect(peer, timeout, callback));
    }

    @Override
    public CompletionStage<PeerIdentification> identify(PeerInfo peer, Duration timeout) {
        return parts.calls().call(callback -> parts.transport().identify(peer, timeout, callback));
    }

    @Override
    public CompletionStage<Duration> ping(PeerInfo peer, Duration timeout) {
        return parts.calls().call(callback -> parts.transport().ping(peer, timeout, callback));
    }

    @Override
    public void disconnect(PeerId peer) {
        parts.transport().disconnect(peer);
    }

    @Override
    public List<ConnectionInfo> connections() {
        return new ArrayList<>(parts.transport().connections());
    }

    @Override
    public void close() {
        parts.close();
    }
}
