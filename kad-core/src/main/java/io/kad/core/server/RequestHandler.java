package io.kad.core.server;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import io.kad.api.spi.InboundRequest;
import io.kad.core.record.Validators;
import io.kad.core.routing.RoutingSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Answers the requests of other peers, in two pure steps with the stores between them: the {@linkplain #plan plan} says what is to
 * be read or kept, and an answer is made of what was read.
 *
 * <p>Neither this peer nor the one that asks is ever named as a closer peer.
 */
public final class RequestHandler {

    private static final int MAX_SHIFT = 62;

    private final PeerId self;
    private final Validators validators;
    private final int k;
    private final int maxAddresses;
    private final Optional<Duration> recordTtl;
    private final Optional<Duration> providerTtl;

    /** Makes the handler of the peer {@code self}. */
    public RequestHandler(PeerId self, KademliaConfig config, Validators validators) {
        this.self = self;
        this.validators = validators;
        this.k = config.get(KademliaConfig.K);
        this.maxAddresses = config.get(KademliaConfig.MAX_ADDRESSES_PER_PEER);
        this.recordTtl = config.get(KademliaConfig.RECORD_TTL);
        this.providerTtl = config.get(KademliaConfig.PROVIDER_RECORD_TTL);
    }

    /**
     * What a request is answered from.
     *
     * @param table the routing table
     * @param knownPeers finds a peer that is connected, a client too
     * @param ownAddresses where this peer can be reached
     * @param now the wall-clock time
     */
    public record View(
            RoutingSnapshot table,
            Function<PeerId, Optional<PeerInfo>> knownPeers,
            List<Multiaddr> ownAddresses,
            Instant now) {}

    /** Returns what {@code request} needs. */
    public Plan plan(InboundRequest request, View view) {
        return request.request().accept(new Planner(request.from(), view));
    }

    /** Returns the answer to a request for a value. */
    public KadResponse answerValue(PeerId from, RecordKey key, Optional<Record> held, View view) {
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

    /** Returns the better of the record held and the one received: what the store is to hold. */
    public Optional<Record> better(Optional<Record> held, Record received, Instant now) {
        if (held.isEmpty() || validators.problem(held.get(), now).isPresent()) {
            return Optional.of(received);
        }
        Record present = held.get();
        if (present.value().equals(received.value())) {
            return Optional.of(livesLonger(present, received) ? present : received);
        }
        int best = validators.best(received.key(), List.of(received.value(), present.value()), now);
        return Optional.of(best == 0 ? received : present);
    }

    /** Returns whether a store that holds {@code kept} took the value received. */
    public static boolean isTaken(Optional<Record> kept, Record received) {
        return kept.map(Record::value).filter(received.value()::equals).isPresent();
    }

    private static boolean livesLonger(Record left, Record right) {
        return left.expires().isEmpty()
                || (right.expires().isPresent()
                        && left.expires().get().isAfter(right.expires().get()));
    }

    private PeerInfo provider(ProviderRecord record, View view) {
        if (!record.addresses().isEmpty()) {
            return PeerInfo.of(record.provider(), record.addresses());
        }
        if (record.provider().equals(self)) {
            return PeerInfo.of(self, view.ownAddresses());
        }
        return find(record.provider(), view).orElse(PeerInfo.of(record.provider(), List.of()));
    }

    private static Optional<PeerInfo> find(PeerId peer, View view) {
        return view.table().find(peer).or(() -> view.knownPeers().apply(peer));
    }

    private List<PeerInfo> closerPeers(KadKey target, PeerId from, View view) {
        return view.table().closest(target, k, peer -> peer.equals(from) || peer.equals(self));
    }

    /**
     * Returns when a record received now is to expire. Each halving counts a peer beyond the k closest that is nearer to the key
     * than this one, so that records seep away from where they don't belong (Kademlia paper, section 2.5).
     */
    private Optional<Instant> expiry(Record received, View view) {
        if (recordTtl.isEmpty()) {
            return received.expires();
        }
        int beyond = Math.max(0, view.table().peersCloserThan(received.key().kadKey()) - k);
        long millis = beyond > MAX_SHIFT ? 0 : recordTtl.get().toMillis() >> beyond;
        Instant latest = view.now().plusMillis(millis);
        return Optional.of(received.expires().filter(latest::isAfter).orElse(latest));
    }

    /** Plans each kind of request of one peer. */
    private final class Planner implements KadRequest.Visitor<Plan> {

        private final PeerId from;
        private final View view;

        Planner(PeerId from, View view) {
            this.from = from;
            this.view = view;
        }

        @Override
        public Plan findNode(KadRequest.FindNode request) {
            List<PeerInfo> closest = closerPeers(KadKey.hash(request.target()), from, view);
            Optional<PeerInfo> target = peer(request.target())
                    .filter(peer -> !peer.equals(self) && !peer.equals(from))
                    .flatMap(peer -> find(peer, view))
                    .filter(known -> !known.addresses().isEmpty());
            return new Plan.Respond(new KadResponse.FindNode(
                    target.map(known -> withFirst(known, closest)).orElse(closest)));
        }

        private static Optional<PeerId> peer(Bytes target) {
            try {
                return Optional.of(PeerId.fromBytes(target));
            } catch (IllegalArgumentException anotherKey) {
                return Optional.empty();
            }
        }

        private static List<PeerInfo> withFirst(PeerInfo first, List<PeerInfo> rest) {
            return Stream.concat(
                            Stream.of(first),
                            rest.stream().filter(peer -> !peer.id().equals(first.id())))
                    .toList();
        }

        @Override
        public Plan getValue(KadRequest.GetValue request) {
            return new Plan.ReadRecord(request.key());
        }

        @Override
        public Plan putValue(KadRequest.PutValue request) {
            Record received = request.record();
            KadResponse echo = new KadResponse.PutValue(received);
            if (received.publisher().filter(self::equals).isPresent()) {
                return new Plan.Respond(echo);
            }
            Optional<String> problem = validators.problem(received, view.now());
            if (problem.isPresent()) {
                return new Plan.Refuse(problem.get());
            }
            Record kept = received.withExpires(expiry(received, view)).withTimeReceived(view.now());
            return kept.isExpired(view.now()) ? new Plan.Respond(echo) : new Plan.KeepRecord(kept, echo);
        }

        @Override
        public Plan addProvider(KadRequest.AddProvider request) {
            int size = request.key().bytes().size();
            if (size == 0 || size > ProviderRecord.MAX_KEY_BYTES) {
                return new Plan.Refuse("a provider key of " + size + " bytes");
            }
            return request.providers().stream()
                    .filter(provider -> provider.id().equals(from))
                    .findFirst()
                    .<Plan>map(provider -> new Plan.KeepProvider(new ProviderRecord(
                            request.key(), from, bounded(provider.addresses()), providerTtl.map(view.now()::plus))))
                    .orElse(new Plan.Ignore("it names none but others"));
        }

        private List<Multiaddr> bounded(List<Multiaddr> addresses) {
            return new ArrayList<>(addresses.subList(0, Math.min(addresses.size(), maxAddresses)));
        }

        @Override
        public Plan getProviders(KadRequest.GetProviders request) {
            return new Plan.ReadProviders(request.key());
        }

        @Override
        public Plan ping(KadRequest.Ping request) {
            return new Plan.Respond(new KadResponse.Ping());
        }
    }
}
