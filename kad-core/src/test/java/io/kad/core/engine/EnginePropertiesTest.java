package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kad.api.KademliaConfig;
import io.kad.api.LookupStrategy;
import io.kad.api.Mode;
import io.kad.api.QueryId;
import io.kad.api.event.QueryEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.job.BackgroundWork;
import io.kad.core.lookup.LookupConfig;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import io.kad.core.query.StoreOperationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Properties of an engine under random events. */
class EnginePropertiesTest {

    private static final int PEERS = 60;
    private static final List<TransportFailure.Kind> FAILURES = List.of(TransportFailure.Kind.values());
    private static final List<Mode> MODES = List.of(Mode.values());
    private static final List<LookupStrategy> STRATEGIES = List.of(LookupStrategy.values());
    private static final RecordKey KEY = RecordKey.utf8("/app/key");
    private static final Duration END_OF_HANG = Duration.ofMinutes(1);

    @Property
    void everyQueryEndsOnceAndLeavesNothingBehind(@ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int steps) {
        assertTimeoutPreemptively(END_OF_HANG, () -> {
            World world = new World(seed);
            for (int step = 0; step < steps; step++) {
                world.step();
            }
            world.letEverythingTimeOut();
            world.letSomebodyAnswer();
            world.checkThatNothingIsPending();
        });
    }

    /** Engine with its pending requests and operations, and with random events for it. */
    private static final class World {
        private final Random random;
        private final EngineFixture fixture;
        private final Map<RequestId, EngineAction.SendRequest> requests = new HashMap<>();
        private final Map<StoreOperationId, EngineAction> operations = new HashMap<>();
        private final Set<QueryId> started = new HashSet<>();
        private final Map<QueryId, Integer> finished = new HashMap<>();
        private final Map<QueryId, Integer> results = new HashMap<>();
        private final Set<QueryId> cancelled = new HashSet<>();

        World(long seed) {
            this.random = new Random(seed);
            this.fixture = new EngineFixture(
                    EngineFixture.config()
                            .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(Duration.ofMillis(500)))
                            .set(KademliaConfig.MAX_CONCURRENT_QUERIES, 5)
                            .set(KademliaConfig.BUCKET_SIZE, 3)
                            .set(KademliaConfig.K, 4)
                            .set(KademliaConfig.LOOKUP_STRATEGY, STRATEGIES.get(random.nextInt(STRATEGIES.size())))
                            .set(KademliaConfig.DISJOINT_PATHS, 1 + random.nextInt(2)),
                    new Newest("app"));
            if (random.nextBoolean()) {
                measureRoundTrips();
            }
        }

        /** Lets peers answer until lookups have wait times, so that requests become late. */
        private void measureRoundTrips() {
            fixture.connectServers(IntStream.range(1, 20).toArray());
            for (int i = 0; i < 70; i++) {
                started.add(fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 1)));
                read();
                while (!requests.isEmpty()) {
                    fixture.pass(Duration.ofMillis(100));
                    read();
                    answerFindNodes();
                }
            }
        }

        private void answerFindNodes() {
            for (EngineAction.SendRequest request : List.copyOf(requests.values())) {
                requests.remove(request.requestId());
                fixture.advance(
                        request.message() instanceof KadRequest.FindNode
                                ? new EngineEvent.ResponseReceived(
                                        request.requestId(), new KadResponse.FindNode(List.of()))
                                : new EngineEvent.RequestFailed(request.requestId(), EngineFixture.TIMED_OUT));
            }
            read();
        }

        void step() {
            switch (random.nextInt(12)) {
                case 0 -> start();
                case 1 -> fixture.advance(new EngineEvent.FinishQuery(anyQuery()));
                case 2 -> cancel();
                case 3, 4, 5, 6 -> completeRequest();
                case 7, 8 -> completeOperation();
                case 9 -> fixture.pass(Duration.ofMillis(random.nextInt(2000)));
                case 10 -> fixture.transport(anyTransportEvent());
                default -> fixture.advance(anyCommand());
            }
            read();
        }

        private void start() {
            started.add(fixture.start(anySpec()));
        }

        private void cancel() {
            QueryId query = anyQuery();
            if (started.contains(query) && !results.containsKey(query)) {
                cancelled.add(query);
            }
            fixture.advance(new EngineEvent.CancelQuery(query));
        }

        private QueryId anyQuery() {
            return new QueryId(1 + random.nextInt(started.size() + 2));
        }

        private QuerySpec anySpec() {
            Quorum quorum = List.of(Quorum.one(), Quorum.majority(), Quorum.all(), Quorum.of(2))
                    .get(random.nextInt(4));
            return switch (random.nextInt(9)) {
                case 0 -> new QuerySpec.GetClosestPeers(Bytes.utf8("key"), random.nextInt(6));
                case 1 -> new QuerySpec.FindPeer(Peers.peer(anyPeer()));
                case 2 -> new QuerySpec.GetRecord(KEY, quorum);
                case 3 -> new QuerySpec.PutRecord(anyRecord(), quorum);
                case 4 -> new QuerySpec.PutRecordTo(anyRecord(), anyPeers(), quorum);
                case 5 -> new QuerySpec.StartProviding(KEY, List.of(Peers.address(0)));
                case 6 -> new QuerySpec.GetProviders(KEY, random.nextInt(3));
                case 7 -> new QuerySpec.Republish(anyRecord());
                default -> new QuerySpec.Bootstrap(EngineFixture.SELF);
            };
        }

        private int anyPeer() {
            return random.nextInt(PEERS);
        }

        private List<PeerInfo> anyPeers() {
            return IntStream.range(0, random.nextInt(6))
                    .mapToObj(i -> Peers.info(anyPeer()))
                    .toList();
        }

        private Record anyRecord() {
            return Record.of(KEY, random.nextInt(5) == 0 ? Newest.INVALID : Bytes.utf8("v" + random.nextInt(3)));
        }

        private void completeRequest() {
            List<RequestId> ids = new ArrayList<>(requests.keySet());
            if (ids.isEmpty()) {
                return;
            }
            RequestId id = ids.get(random.nextInt(ids.size()));
            EngineAction.SendRequest request = requests.remove(id);
            fixture.advance(
                    switch (random.nextInt(4)) {
                        case 0 ->
                            new EngineEvent.RequestFailed(
                                    id, EngineFixture.failure(FAILURES.get(random.nextInt(FAILURES.size()))));
                        case 1 -> new EngineEvent.MessageSent(id);
                        default -> new EngineEvent.ResponseReceived(id, response(request.message()));
                    });
        }

        private KadResponse response(KadRequest request) {
            if (request instanceof KadRequest.FindNode) {
                return new KadResponse.FindNode(anyPeers());
            }
            if (request instanceof KadRequest.GetValue) {
                return new KadResponse.GetValue(
                        random.nextBoolean() ? Optional.of(anyRecord()) : Optional.empty(), anyPeers());
            }
            if (request instanceof KadRequest.GetProviders) {
                return new KadResponse.GetProviders(anyPeers(), anyPeers());
            }
            return request instanceof KadRequest.PutValue put
                    ? new KadResponse.PutValue(put.record())
                    : new KadResponse.Ping();
        }

        private void completeOperation() {
            List<StoreOperationId> ids = new ArrayList<>(operations.keySet());
            if (ids.isEmpty()) {
                return;
            }
            StoreOperationId id = ids.get(random.nextInt(ids.size()));
            EngineAction operation = operations.remove(id);
            if (random.nextInt(6) == 0) {
                fixture.advance(new EngineEvent.StoreFailed(id, new StoreException.Full("made up")));
            } else if (operation instanceof EngineAction.LoadRecord) {
                fixture.advance(new EngineEvent.RecordLoaded(
                        id, random.nextBoolean() ? Optional.of(anyRecord()) : Optional.empty()));
            } else if (operation instanceof EngineAction.LoadProviders) {
                fixture.advance(new EngineEvent.ProvidersLoaded(
                        id,
                        anyPeers().stream()
                                .map(peer -> new ProviderRecord(KEY, peer.id(), List.of(), Optional.empty()))
                                .toList()));
            } else if (operation instanceof EngineAction.SaveRecord save) {
                fixture.advance(new EngineEvent.RecordSaved(id, random.nextBoolean() ? save.record() : anyRecord()));
            } else if (operation instanceof EngineAction.MergeRecord merge) {
                fixture.advance(new EngineEvent.RecordMerged(
                        id, random.nextBoolean() ? Optional.of(merge.record()) : Optional.empty()));
            } else {
                fixture.advance(new EngineEvent.ProviderSaved(id));
            }
        }

        private TransportEvent anyTransportEvent() {
            int peer = anyPeer();
            return switch (random.nextInt(6)) {
                case 0 -> new TransportEvent.ConnectionClosed(Peers.outbound(peer), random.nextInt(2));
                case 1 -> new TransportEvent.DialFailed(Peers.peer(peer), Peers.address(peer), EngineFixture.TIMED_OUT);
                case 2, 3 ->
                    new TransportEvent.PeerIdentified(
                            Peers.identification(
                                    peer,
                                    random.nextInt(4) == 0 ? Set.of() : Set.of(EngineFixture.PROTOCOL),
                                    List.of(Peers.address(peer))),
                            Peers.outbound(peer));
                default ->
                    new TransportEvent.ConnectionOpened(
                            random.nextBoolean() ? Peers.outbound(peer) : Peers.inbound(peer));
            };
        }

        private EngineEvent anyCommand() {
            int peer = anyPeer();
            return switch (random.nextInt(8)) {
                case 0 -> new EngineEvent.RemovePeer(new CommandId(1), Peers.peer(peer));
                case 1 -> new EngineEvent.RemoveAddress(new CommandId(1), Peers.peer(peer), Peers.address(peer));
                case 2 -> new EngineEvent.SetMode(MODES.get(random.nextInt(MODES.size())));
                case 3 -> new EngineEvent.RequestFailed(new RequestId(1_000_000), EngineFixture.TIMED_OUT);
                default -> new EngineEvent.AddAddress(new CommandId(1), Peers.peer(peer), Peers.address(peer));
            };
        }

        /** Reads and checks the actions since the last call. */
        private void read() {
            List<EngineAction> actions = fixture.actions();
            for (EngineAction action : actions) {
                if (action instanceof EngineAction.SendRequest request) {
                    assertThat(request.peer().id()).isNotEqualTo(EngineFixture.SELF);
                    assertThat(requests.put(request.requestId(), request)).isNull();
                } else if (action instanceof EngineAction.CancelRequest cancel) {
                    requests.remove(cancel.requestId());
                } else if (action instanceof EngineAction.EmitQueryEvent emit) {
                    assertThat(finished).doesNotContainKey(emit.event().query());
                    if (emit.event() instanceof QueryEvent.Ended) {
                        finished.put(emit.event().query(), 1);
                    }
                } else if (action instanceof EngineAction.CompleteQuery complete) {
                    end(complete.queryId());
                } else if (action instanceof EngineAction.FailQuery fail) {
                    end(fail.queryId());
                } else {
                    readOperation(action);
                }
            }
            actions.clear();
            assertThat(requests).hasSizeLessThan((5 + BackgroundWork.MAX_CORRECTIONS) * LookupConfig.maxCandidates(20));
        }

        private void readOperation(EngineAction action) {
            if (action instanceof EngineAction.LoadRecord load) {
                operations.put(load.operationId(), load);
            } else if (action instanceof EngineAction.LoadProviders load) {
                operations.put(load.operationId(), load);
            } else if (action instanceof EngineAction.SaveRecord save) {
                operations.put(save.operationId(), save);
            } else if (action instanceof EngineAction.MergeRecord merge) {
                operations.put(merge.operationId(), merge);
            } else if (action instanceof EngineAction.SaveProvider save) {
                operations.put(save.operationId(), save);
            }
        }

        private void end(QueryId query) {
            assertThat(finished).containsKey(query);
            assertThat(cancelled).doesNotContain(query);
            assertThat(results.put(query, 1)).isNull();
        }

        /** Neither peers nor the local stores respond any more. */
        void letEverythingTimeOut() {
            // Each lookup of a bootstrap has a time of its own
            for (int round = 0; round < 300 && (round == 0 || !requests.isEmpty()); round++) {
                fixture.pass(Duration.ofMinutes(3));
                read();
                // those that no query needs any more have run on to be measured
                for (RequestId request : List.copyOf(requests.keySet())) {
                    requests.remove(request);
                    fixture.advance(new EngineEvent.RequestFailed(request, EngineFixture.TIMED_OUT));
                }
                read();
            }
        }

        /** Ends the retries of bootstraps, which go on for as long as nobody answers. */
        void letSomebodyAnswer() {
            fixture.connectServers(PEERS);
            for (int round = 0; round < 100; round++) {
                fixture.pass(Duration.ofSeconds(3));
                read();
                answerFindNodes();
            }
        }

        void checkThatNothingIsPending() {
            assertThat(started).allSatisfy(query -> {
                assertThat(finished).containsKey(query);
                assertThat(results.containsKey(query)).isNotEqualTo(cancelled.contains(query));
            });
            assertThat(requests).isEmpty();
            assertThat(fixture.engine.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        }
    }
}
