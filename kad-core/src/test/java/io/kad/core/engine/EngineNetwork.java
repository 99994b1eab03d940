package io.kad.core.engine;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import io.kad.core.query.RequestId;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Network of engines that exchange messages in virtual time, each with a minimal server. */
final class EngineNetwork {

    private static final int PEERS_IN_RESPONSE = 20;
    private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

    private final Map<PeerId, Node> nodes = new LinkedHashMap<>();
    private final PriorityQueue<Delivery> deliveries =
            new PriorityQueue<>(Comparator.comparingLong(Delivery::at).thenComparingLong(Delivery::order));
    private final Random random;
    private long nanos;
    private long order;
    private long lastQuery;

    private record Delivery(long at, long order, Runnable task) {}

    EngineNetwork(int size, long seed) {
        this.random = new Random(seed);
        for (int number = 0; number < size; number++) {
            Node node = new Node(number, seed + number);
            nodes.put(node.id, node);
        }
    }

    // --- what tests do

    void addAddress(int number, int other) {
        node(number).handle(new EngineEvent.AddAddress(new CommandId(0), Peers.peer(other), Peers.address(other)));
    }

    void kill(int number) {
        Node dead = node(number);
        dead.alive = false;
        nodes.values().stream()
                .filter(node -> node.connected.remove(dead.id))
                .forEach(node -> node.handle(new EngineEvent.TransportReported(
                        new TransportEvent.ConnectionClosed(Peers.outbound(number), 0))));
    }

    boolean isAlive(PeerId peer) {
        return node(peer).alive;
    }

    void forget(PeerId peer, RecordKey key) {
        node(peer).records.remove(key);
    }

    List<PeerId> holders(RecordKey key) {
        return nodes.values().stream()
                .filter(node -> node.records.containsKey(key))
                .map(node -> node.id)
                .toList();
    }

    <R extends java.lang.Record> R run(int number, QuerySpec spec, Class<R> kind) {
        EngineAction result = result(number, spec);
        if (result instanceof EngineAction.FailQuery fail) {
            throw new AssertionError(spec + " failed", fail.failure());
        }
        return kind.cast(((EngineAction.CompleteQuery) result).result());
    }

    KadException fail(int number, QuerySpec spec) {
        return ((EngineAction.FailQuery) result(number, spec)).failure();
    }

    private EngineAction result(int number, QuerySpec spec) {
        QueryId query = new QueryId(++lastQuery);
        Node node = node(number);
        node.handle(new EngineEvent.StartQuery(query, spec));
        while (!node.results.containsKey(query)) {
            step();
        }
        return node.results.get(query);
    }

    /** Runs until no delivery and no deadline is left. */
    void runUntilIdle() {
        while (!deliveries.isEmpty()) {
            step();
        }
    }

    private Node node(int number) {
        return node(Peers.peer(number));
    }

    private Node node(PeerId peer) {
        return nodes.get(peer);
    }

    /** Handles the next deadline or delivery. */
    private void step() {
        Node next = nodes.values().stream()
                .filter(node -> node.alive)
                .min(Comparator.comparingLong(node -> node.engine.nextDeadlineNanos()))
                .orElseThrow();
        long deadline = next.engine.nextDeadlineNanos();
        Delivery delivery = deliveries.peek();
        if (delivery != null && delivery.at() <= deadline) {
            deliveries.remove();
            nanos = delivery.at();
            delivery.task().run();
        } else if (deadline < Long.MAX_VALUE) {
            nanos = deadline;
            next.handle(new EngineEvent.DeadlineReached());
        } else {
            throw new AssertionError("no deliveries or deadlines are left");
        }
    }

    private void later(long delayNanos, Runnable task) {
        deliveries.add(new Delivery(nanos + delayNanos, order++, task));
    }

    private long latency() {
        return Duration.ofMillis(5 + random.nextInt(10)).toNanos();
    }

    /** A peer: its engine, its stores, its connections and a server. */
    private final class Node {
        private final PeerId id;
        private final int number;
        private final KadEngine engine;
        private final Map<RecordKey, Record> records = new LinkedHashMap<>();
        private final Map<RecordKey, Map<PeerId, ProviderRecord>> providers = new LinkedHashMap<>();
        private final Set<PeerId> connected = new HashSet<>();
        private final Set<RequestId> cancelled = new HashSet<>();
        private final Map<QueryId, EngineAction> results = new LinkedHashMap<>();
        private RoutingSnapshot table;
        private boolean alive = true;

        Node(int number, long seed) {
            this.number = number;
            this.id = Peers.peer(number);
            this.table = RoutingSnapshot.empty(id);
            KademliaConfig config = EngineFixture.config().build();
            this.engine = new KadEngine(id, config, new Validators(List.of()), new Random(seed));
        }

        void handle(EngineEvent event) {
            if (!alive) {
                return;
            }
            List<EngineAction> actions = new ArrayList<>();
            engine.advance(new Now(nanos, EngineFixture.EPOCH.plusNanos(nanos)), event, actions::add);
            actions.forEach(this::execute);
        }

        private void execute(EngineAction action) {
            if (action instanceof EngineAction.SendRequest request) {
                send(request);
            } else if (action instanceof EngineAction.CancelRequest cancel) {
                cancelled.add(cancel.requestId());
            } else if (action instanceof EngineAction.UpdateRoutingSnapshot publish) {
                table = publish.snapshot();
            } else if (action instanceof EngineAction.CompleteQuery complete) {
                results.put(complete.queryId(), complete);
            } else if (action instanceof EngineAction.FailQuery fail) {
                results.put(fail.queryId(), fail);
            } else {
                useStore(action);
            }
        }

        private void useStore(EngineAction action) {
            if (action instanceof EngineAction.LoadRecord load) {
                soon(new EngineEvent.RecordLoaded(load.operationId(), Optional.ofNullable(records.get(load.key()))));
            } else if (action instanceof EngineAction.LoadProviders load) {
                soon(new EngineEvent.ProvidersLoaded(load.operationId(), providersOf(load.key())));
            } else if (action instanceof EngineAction.SaveRecord save) {
                records.put(save.record().key(), save.record());
                soon(new EngineEvent.RecordSaved(save.operationId(), save.record()));
            } else if (action instanceof EngineAction.SaveProvider save) {
                saveProvider(save.record());
                soon(new EngineEvent.ProviderSaved(save.operationId()));
            }
        }

        private void soon(EngineEvent event) {
            later(0, () -> handle(event));
        }

        private List<ProviderRecord> providersOf(RecordKey key) {
            return List.copyOf(providers.getOrDefault(key, Map.of()).values());
        }

        private void saveProvider(ProviderRecord record) {
            providers
                    .computeIfAbsent(record.key(), key -> new LinkedHashMap<>())
                    .put(record.provider(), record);
        }

        private void send(EngineAction.SendRequest request) {
            Node receiver = nodes.get(request.peer().id());
            boolean reachable = receiver != null
                    && receiver.alive
                    && (connected.contains(receiver.id)
                            || request.peer().addresses().contains(Peers.address(receiver.number)));
            if (!reachable) {
                TransportFailure failure = new TransportFailure(TransportFailure.Kind.UNREACHABLE, "no route");
                later(
                        DIAL_TIMEOUT.toNanos(),
                        () -> complete(request, new EngineEvent.RequestFailed(request.requestId(), failure)));
                return;
            }
            later(latency(), () -> {
                connect(receiver);
                Optional<KadResponse> response = receiver.serve(id, request.message());
                later(
                        latency(),
                        () -> complete(
                                request,
                                response.<EngineEvent>map(payload ->
                                                new EngineEvent.ResponseReceived(request.requestId(), payload))
                                        .orElseGet(() -> new EngineEvent.MessageSent(request.requestId()))));
            });
        }

        private void complete(EngineAction.SendRequest request, EngineEvent result) {
            if (!cancelled.contains(request.requestId())) {
                handle(result);
            }
        }

        /** Connects two nodes and identifies each to the other. */
        private void connect(Node receiver) {
            if (connected.add(receiver.id)) {
                receiver.connected.add(id);
                identify(receiver, Peers.outbound(receiver.number));
                receiver.identify(this, Peers.inbound(number));
            }
        }

        private void identify(Node other, ConnectionInfo connection) {
            handle(new EngineEvent.TransportReported(new TransportEvent.ConnectionOpened(connection)));
            handle(new EngineEvent.TransportReported(new TransportEvent.PeerIdentified(
                    Peers.identification(
                            other.number, Set.of(EngineFixture.PROTOCOL), List.of(Peers.address(other.number))),
                    connection)));
        }

        /** Returns the response to a request; empty for one that has none. */
        private Optional<KadResponse> serve(PeerId from, KadRequest request) {
            return request.accept(new Server(from));
        }

        private final class Server implements KadRequest.Visitor<Optional<KadResponse>> {
            private final PeerId from;

            private Server(PeerId from) {
                this.from = from;
            }

            private List<PeerInfo> closest(Bytes key) {
                return table.closestExcept(KadKey.hash(key), PEERS_IN_RESPONSE, from::equals);
            }

            @Override
            public Optional<KadResponse> findNode(KadRequest.FindNode request) {
                return Optional.of(new KadResponse.FindNode(closest(request.target())));
            }

            @Override
            public Optional<KadResponse> getValue(KadRequest.GetValue request) {
                return Optional.of(new KadResponse.GetValue(
                        Optional.ofNullable(records.get(request.key())),
                        closest(request.key().bytes())));
            }

            @Override
            public Optional<KadResponse> putValue(KadRequest.PutValue request) {
                records.put(request.record().key(), request.record());
                return Optional.of(new KadResponse.PutValue(request.record()));
            }

            @Override
            public Optional<KadResponse> addProvider(KadRequest.AddProvider request) {
                request.providers().stream()
                        .filter(provider -> provider.id().equals(from))
                        .forEach(provider -> saveProvider(
                                new ProviderRecord(request.key(), from, provider.addresses(), Optional.empty())));
                return Optional.empty();
            }

            @Override
            public Optional<KadResponse> getProviders(KadRequest.GetProviders request) {
                return Optional.of(new KadResponse.GetProviders(
                        providersOf(request.key()).stream()
                                .map(record -> PeerInfo.of(record.provider(), record.addresses()))
                                .toList(),
                        closest(request.key().bytes())));
            }

            @Override
            public Optional<KadResponse> ping(KadRequest.Ping request) {
                return Optional.of(new KadResponse.Ping());
            }
        }
    }
}
