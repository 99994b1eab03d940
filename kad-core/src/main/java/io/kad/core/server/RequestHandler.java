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
 * Answers the requests of other peers, in two pure steps with the stores between them: the {@linkplain #plan plan} says what is to
 * be read or kept, and an answer is made of what was read.
 *
 * <p>Neither this peer nor the one that asks is ever named as a closer peer.
 */
public final class RequestHandler {

    private final PeerId self;
    private final Validators validators;
    private final int k;
    private final int maxAddresses;
    private final boolean values;
    private final boolean providers;
    private final ExpiryPolicy expiry;
    private final Optional<Duration> providerTtl;

    /** Makes the handler of the peer {@code self}. */
    public RequestHandler(PeerId self, KademliaConfig config, Validators validators) {
        this.self = self;
        this.validators = validators;
        this.k = config.get(KademliaConfig.K);
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.values = config.get(KademliaConfig.VALUES_ENABLED);
        this.providers = config.get(KademliaConfig.PROVIDERS_ENABLED);
        this.expiry = new ExpiryPolicy(config.get(KademliaConfig.RECORD_TTL), k);
        this.providerTtl = config.get(KademliaConfig.PROVIDER_RECORD_TTL);
    }

    /**
     * What a request is answered from.
     *
     * @param table the routing table
     * @param knownPeers finds a peer that is connected, a client too; callable from any thread
     * @param ownAddresses tells where this peer can be reached; callable from any thread
     * @param now the wall-clock time
     */
    public record View(
            RoutingSnapshot table,
            Function<PeerId, Optional<PeerInfo>> knownPeers,
            Supplier<List<Multiaddr>> ownAddresses,
            Instant now) {

        /** Checks that nothing is missing. */
        public View {
            requireNonNull(table, "table");
            requireNonNull(knownPeers, "knownPeers");
            requireNonNull(ownAddresses, "ownAddresses");
            requireNonNull(now, "now");
        }
    }

    /** Returns what {@code request} needs. */
    public RequestPlan plan(InboundRequest request, View view) {
        boolean disabled =
                (!values && isForValues(request.request())) || (!providers && isForProviders(request.request()));
        return disabled
                ? new RequestPlan.Refuse("this peer does not do that")
                : request.request().accept(new Planner(request.from(), view));
    }

    private static boolean isForValues(KadRequest request) {
        return request instanceof KadRequest.PutValue || request instanceof KadRequest.GetValue;
    }

    private static boolean isForProviders(KadRequest request) {
        return request instanceof KadRequest.AddProvider || request instanceof KadRequest.GetProviders;
    }

    /** Returns the answer to a request for a value: what is held, unless it is expired or no longer valid. */
    public KadResponse valueResponse(PeerId from, RecordKey key, Optional<Record> held, View view) {
        Optional<Record> served = held.filter(record -> !record.isExpired(view.now())
                && validators.problem(record, view.now()).isEmpty());
        return new KadResponse.GetValue(served, closerPeers(key.kadKey(), from, view));
    }

    /**
     * Returns the answer to a request for providers. A provider that said no address is named with those of the routing table, and
     * without any if there are none; the one that asks is not told of itself.
     */
    public KadResponse answerProviders(PeerId from, RecordKey key, List<ProviderRecord> held, View view) {
        List<PeerInfo> providers = held.stream()
                .filter(record ->
                        !record.isExpired(view.now()) && !record.provider().equals(from))
                .map(record -> provider(record, view))
                .toList();
        return new KadResponse.GetProviders(providers, closerPeers(key.kadKey(), from, view));
    }

    /**
     * Returns what the store is to hold of the record held and the one received: the better one by the validator of the key, the one
     * received where there is none, unless it would replace an own record. Of equal values the expiry that is later, and this peer
     * stays the publisher of its own.
     */
    public Optional<Record> selectBetter(Optional<Record> held, Record received, Instant now) {
        if (held.isEmpty() || validators.problem(held.get(), now).isPresent()) {
            return Optional.of(received);
        }
        Record present = held.get();
        if (present.value().equals(received.value())) {
            return Optional.of(longerLived(present, received));
        }
        if (isOwn(present) && !validators.rule(received.key())) {
            return held;
        }
        return Optional.of(validators.isBetter(present, received, now) ? present : received);
    }

    private Record longerLived(Record held, Record received) {
        if (expiresLater(held, received)) {
            return held;
        }
        return isOwn(held) ? received.withPublisher(self) : received;
    }

    private static boolean expiresLater(Record left, Record right) {
        if (left.expires().isEmpty() || right.expires().isEmpty()) {
            return left.expires().isEmpty() && right.expires().isPresent();
        }
        return left.expires().get().isAfter(right.expires().get());
    }

    private boolean isOwn(Record record) {
        return record.publisher().filter(self::equals).isPresent();
    }

    /** Returns whether a store that holds {@code kept} took the value received. */
    public static boolean isAccepted(Optional<Record> kept, Record received) {
        return kept.map(Record::value).filter(received.value()::equals).isPresent();
    }

    private PeerInfo provider(ProviderRecord record, View view) {
        if (!record.addresses().isEmpty()) {
            return PeerInfo.of(record.provider(), record.addresses());
        }
        if (record.provider().equals(self)) {
            return PeerInfo.of(self, bounded(view.ownAddresses().get()));
        }
        return find(record.provider(), view).orElse(PeerInfo.of(record.provider(), List.of()));
    }

    private static Optional<PeerInfo> find(PeerId peer, View view) {
        return view.table().find(peer).or(() -> view.knownPeers().apply(peer));
    }

    private List<PeerInfo> closerPeers(KadKey target, PeerId from, View view) {
        return view.table().closest(target, k, peer -> peer.equals(from) || peer.equals(self));
    }

    private List<Multiaddr> bounded(List<Multiaddr> addresses) {
        return addresses.subList(0, Math.min(addresses.size(), maxAddresses));
    }

    /** Plans each kind of request of one peer. */
    private final class Planner implements KadRequest.Visitor<RequestPlan> {

        private final PeerId from;
        private final View view;

        Planner(PeerId from, View view) {
            this.from = from;
            this.view = view;
        }

        /** A peer that is asked for by its id is named besides the k closest, as it may be a client that no table holds. */
        @Override
        public RequestPlan findNode(KadRequest.FindNode request) {
            Optional<PeerInfo> target = PeerId.tryFromBytes(request.target())
                    .filter(peer -> !peer.equals(self) && !peer.equals(from))
                    .flatMap(peer -> find(peer, view))
                    .filter(known -> !known.addresses().isEmpty());
            PeerId named = target.map(PeerInfo::id).orElse(from);
            List<PeerInfo> closest = view.table()
                    .closest(
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

        @Override
        public RequestPlan putValue(KadRequest.PutValue request) {
            Record received = request.record();
            KadResponse echo = new KadResponse.PutValue(received);
            if (isOwn(received)) {
                return new RequestPlan.Respond(echo);
            }
            // An expired record is answered like one that is kept for no time, not like a wrong one
            Optional<String> problem = validators.problem(received.withExpires(Optional.empty()), view.now());
            if (problem.isPresent()) {
                return new RequestPlan.Refuse(problem.get());
            }
            Record kept = expiry.apply(
                    received, view.table().peersCloserThan(received.key().kadKey()), view.now());
            return kept.isExpired(view.now()) ? new RequestPlan.Respond(echo) : new RequestPlan.StoreRecord(kept, echo);
        }

        @Override
        public RequestPlan addProvider(KadRequest.AddProvider request) {
            int size = request.key().bytes().size();
            if (size == 0 || size > ProviderRecord.MAX_KEY_BYTES) {
                return new RequestPlan.Refuse("a provider key of " + size + " bytes");
            }
            return request.providers().stream()
                    .filter(provider -> provider.id().equals(from))
                    .findFirst()
                    .<RequestPlan>map(provider -> new RequestPlan.StoreProvider(new ProviderRecord(
                            request.key(), from, bounded(provider.addresses()), providerTtl.map(view.now()::plus))))
                    .orElse(new RequestPlan.Ignore("it names none but others"));
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
