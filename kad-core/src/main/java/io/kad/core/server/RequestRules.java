package io.kad.core.server;

import static java.util.Objects.requireNonNull;

import io.kad.api.KademliaConfig;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.core.record.ExpiryPolicy;
import io.kad.core.record.RecordMerge;
import io.kad.core.record.RecordRules;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Rules for responses to inbound requests, in two pure steps with the store access between them: the {@linkplain #plan plan} decides which
 * entries are read or stored, and a response is built from the entries that were read. Immutable and thread-safe.
 *
 * <p>The closer peers of a response contain neither the local peer nor the requester.
 */
public final class RequestRules {

    private final PeerId self;
    private final RecordRules recordRules;
    private final int k;
    private final int maxAddresses;
    private final boolean valuesEnabled;
    private final boolean providersEnabled;
    private final ExpiryPolicy expiry;
    private final Optional<Duration> providerTtl;

    /** Creates the rules of the peer {@code self}. */
    public RequestRules(PeerId self, KademliaConfig config, Validators validators) {
        this(self, config, new RecordRules(self, config, validators));
    }

    /** Creates the rules of the peer {@code self}, with its rules of records. */
    public RequestRules(PeerId self, KademliaConfig config, RecordRules recordRules) {
        this.self = self;
        this.recordRules = recordRules;
        this.k = config.get(KademliaConfig.K);
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.valuesEnabled = config.get(KademliaConfig.VALUES_ENABLED);
        this.providersEnabled = config.get(KademliaConfig.PROVIDERS_ENABLED);
        this.expiry = new ExpiryPolicy(config.get(KademliaConfig.RECORD_TTL), k);
        this.providerTtl = config.get(KademliaConfig.PROVIDER_RECORD_TTL);
    }

    /**
     * State of the local peer from which a response is built.
     *
     * @param routingSnapshot the latest routing snapshot
     * @param identifiedPeers finds a connected peer that has sent identify, also a client; callable from any thread
     * @param localAddresses returns the addresses of the local peer; callable from any thread
     * @param now the wall-clock time
     */
    public record LocalState(
            RoutingSnapshot routingSnapshot,
            Function<PeerId, Optional<PeerInfo>> identifiedPeers,
            Supplier<List<Multiaddr>> localAddresses,
            Instant now) {

        /** Checks that no component is null. */
        public LocalState {
            requireNonNull(routingSnapshot, "routingSnapshot");
            requireNonNull(identifiedPeers, "identifiedPeers");
            requireNonNull(localAddresses, "localAddresses");
            requireNonNull(now, "now");
        }
    }

    /** Returns the plan for {@code request}. */
    public RequestPlan plan(InboundRequest request, LocalState localState) {
        if (!valuesEnabled && isForValues(request.request())) {
            return new RequestPlan.Refuse("records are disabled (" + KademliaConfig.VALUES_ENABLED.name() + ")");
        }
        if (!providersEnabled && isForProviders(request.request())) {
            return new RequestPlan.Refuse("providers are disabled (" + KademliaConfig.PROVIDERS_ENABLED.name() + ")");
        }
        return request.request().accept(new Planner(request.from(), localState));
    }

    private static boolean isForValues(KadRequest request) {
        return request instanceof KadRequest.PutValue || request instanceof KadRequest.GetValue;
    }

    private static boolean isForProviders(KadRequest request) {
        return request instanceof KadRequest.AddProvider || request instanceof KadRequest.GetProviders;
    }

    /** Returns whether serving {@code request} calls a validator, which may be slow. */
    public boolean callsValidator(KadRequest request) {
        return valuesEnabled
                && ((request instanceof KadRequest.PutValue put
                                && recordRules.hasValidator(put.record().key()))
                        || (request instanceof KadRequest.GetValue get && recordRules.hasValidator(get.key())));
    }

    /** Returns the rules of records. */
    public RecordRules recordRules() {
        return recordRules;
    }

    /** Returns the response to GET_VALUE, with the stored record unless it is expired or no longer valid. */
    public KadResponse valueResponse(PeerId from, RecordKey key, Optional<Record> stored, LocalState localState) {
        Optional<Record> served = stored.filter(
                record -> recordRules.reasonInvalid(record, localState.now()).isEmpty());
        return new KadResponse.GetValue(served, closerPeers(key.kadKey(), from, localState));
    }

    /**
     * Returns the response to GET_PROVIDERS. A provider record without addresses gets those of the routing table or of the connection, if
     * there are any. The response does not contain the requester.
     */
    public KadResponse providersResponse(
            PeerId from, RecordKey key, List<ProviderRecord> stored, LocalState localState) {
        List<PeerInfo> providers = stored.stream()
                .filter(record -> !record.isExpired(localState.now())
                        && !record.provider().equals(from))
                .map(record -> providerInfo(record, localState))
                .toList();
        return new KadResponse.GetProviders(providers, closerPeers(key.kadKey(), from, localState));
    }

    /** Returns the change of the store for a record of a plan, which {@code from} has sent. */
    public RecordMerge merge(Record received, PeerId from, Instant now) {
        return new RecordMerge(recordRules, received, from, now);
    }

    private PeerInfo providerInfo(ProviderRecord record, LocalState localState) {
        if (!record.addresses().isEmpty()) {
            return PeerInfo.of(record.provider(), record.addresses());
        }
        if (record.provider().equals(self)) {
            return PeerInfo.of(self, limitAddresses(localState.localAddresses().get()));
        }
        return findPeer(record.provider(), localState).orElse(PeerInfo.of(record.provider(), List.of()));
    }

    private static Optional<PeerInfo> findPeer(PeerId peer, LocalState localState) {
        return localState
                .routingSnapshot()
                .find(peer)
                .or(() -> localState.identifiedPeers().apply(peer));
    }

    private List<PeerInfo> closerPeers(KadKey target, PeerId from, LocalState localState) {
        return localState.routingSnapshot().closestExcept(target, k, peer -> peer.equals(from) || peer.equals(self));
    }

    private List<Multiaddr> limitAddresses(List<Multiaddr> addresses) {
        return addresses.size() <= maxAddresses ? addresses : addresses.subList(0, maxAddresses);
    }

    /** Creates the plan for each kind of request of one peer. */
    private final class Planner implements KadRequest.Visitor<RequestPlan> {

        private final PeerId from;
        private final LocalState localState;

        Planner(PeerId from, LocalState localState) {
            this.from = from;
            this.localState = localState;
        }

        /**
         * Plans FIND_NODE. If the target is the ID of a known peer, the response contains that peer and the k closest, because a client is
         * in no routing table.
         */
        @Override
        public RequestPlan findNode(KadRequest.FindNode request) {
            Optional<PeerInfo> target = PeerId.tryFromBytes(request.target())
                    .filter(peer -> !peer.equals(self) && !peer.equals(from))
                    .flatMap(peer -> findPeer(peer, localState))
                    .filter(known -> !known.addresses().isEmpty());
            PeerId named = target.map(PeerInfo::id).orElse(from);
            List<PeerInfo> closest = localState
                    .routingSnapshot()
                    .closestExcept(
                            KadKey.hash(request.target()),
                            k,
                            peer -> peer.equals(from) || peer.equals(self) || peer.equals(named));
            return new RequestPlan.Respond(new KadResponse.FindNode(
                    target.isEmpty()
                            ? closest
                            : Stream.concat(target.stream(), closest.stream()).toList()));
        }

        @Override
        public RequestPlan getValue(KadRequest.GetValue request) {
            return new RequestPlan.ReadRecord(request.key());
        }

        /**
         * Plans PUT_VALUE. An invalid record is refused. Two kinds of valid ones are not stored, and get the response of a stored one all the
         * same, as rust-libp2p does: a record of the local peer, which other holders send back, and one whose time to live is over here,
         * which peers far from the key may send. A sender must not take either for a failure, or query on.
         */
        @Override
        public RequestPlan putValue(KadRequest.PutValue request) {
            Record received = request.record();
            Instant now = localState.now();
            KadResponse echo = new KadResponse.PutValue(received);
            if (recordRules.isLocal(received)) {
                return new RequestPlan.Respond(echo);
            }
            // An expired record gets a response like one with no time left to live; only an invalid one is refused
            Optional<String> problem =
                    recordRules.reasonInvalidWhenReceived(received.withExpires(Optional.empty()), now);
            if (problem.isPresent()) {
                return new RequestPlan.Refuse(problem.get());
            }
            Record kept = expiry.apply(
                    recordRules.withPublicationTimeWhenReceived(received, from, now),
                    localState.routingSnapshot().peersCloserThan(received.key().kadKey()),
                    now);
            return kept.isExpired(now) ? new RequestPlan.Respond(echo) : new RequestPlan.StoreRecord(kept, echo);
        }

        @Override
        public RequestPlan addProvider(KadRequest.AddProvider request) {
            int size = request.key().bytes().size();
            if (size == 0 || size > ProviderRecord.MAX_KEY_BYTES) {
                return new RequestPlan.Refuse(
                        size == 0
                                ? "key must not be empty"
                                : "provider key of " + size + " bytes exceeds the limit of "
                                        + ProviderRecord.MAX_KEY_BYTES);
            }
            return request.providers().stream()
                    .filter(provider -> provider.id().equals(from))
                    .findFirst()
                    .<RequestPlan>map(provider -> new RequestPlan.StoreProvider(new ProviderRecord(
                            request.key(),
                            from,
                            limitAddresses(provider.addresses()),
                            providerTtl.map(localState.now()::plus))))
                    .orElse(new RequestPlan.Ignore("ADD_PROVIDER without an entry for its sender"));
        }

        @Override
        public RequestPlan getProviders(KadRequest.GetProviders request) {
            return new RequestPlan.ReadProviders(request.key());
        }

        @Override
        public RequestPlan ping(KadRequest.Ping request) {
            return new RequestPlan.Respond(new KadResponse.Ping());
        }
    }
}
