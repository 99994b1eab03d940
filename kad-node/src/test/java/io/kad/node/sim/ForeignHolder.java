package io.kad.node.sim;

import io.kad.api.KademliaConfig;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.CodecException;
import io.kad.sim.network.MessageCodec;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holder of records as another implementation, or kad before field 778, keeps them: each put replaces what was there and is echoed, except a
 * record that the holder itself has published, which is echoed and not stored. Everything but records is served by kad.
 */
final class ForeignHolder implements PeerBehavior {

    /** What a holder keeps of a record. */
    enum Kind {
        /** rust-libp2p, and kad of before: the fields that it knows, with the time that is left to live. */
        RUST,
        /** go-libp2p with a validator that accepts everything: the message as it came, so its time to live begins anew at each read. */
        GO
    }

    private final SimNetwork network;
    private final Kind kind;
    private final Map<RecordKey, Held> records = new HashMap<>();

    private record Held(Record record, Instant arrival) {}

    private ForeignHolder(SimNetwork network, Kind kind) {
        this.network = network;
        this.kind = kind;
    }

    /** Makes {@code peer} such a holder, from now on. */
    static ForeignHolder install(SimNetwork network, SimPeer peer, Kind kind) {
        ForeignHolder holder = new ForeignHolder(network, kind);
        peer.behavior(holder);
        if (kind == Kind.RUST) {
            peer.codec(new WithoutPublicationTime(
                    new WireCodec(KademliaConfig.builder().build())));
        }
        return holder;
    }

    /** Returns the record that this holder has, as it sends it. */
    Optional<Record> stored(RecordKey key) {
        return Optional.ofNullable(records.get(key)).map(this::sent);
    }

    private Record sent(Held held) {
        Duration age = Duration.between(held.arrival(), network.now());
        return kind == Kind.GO
                ? held.record().withExpires(held.record().expires().map(expires -> expires.plus(age)))
                : held.record();
    }

    @Override
    public void serve(SimPeer peer, InboundRequest request, Responder responder, Runnable defaultHandler) {
        if (request.request() instanceof KadRequest.PutValue put) {
            boolean ownOne = put.record().publisher().filter(peer.id()::equals).isPresent();
            if (!ownOne) {
                keep(put.record());
            }
            responder.respond(new KadResponse.PutValue(put.record()));
        } else if (request.request() instanceof KadRequest.GetValue get) {
            responder.respond(new KadResponse.GetValue(stored(get.key()), closerPeers(peer, request.from(), get)));
        } else {
            defaultHandler.run();
        }
    }

    void keep(Record record) {
        records.put(record.key(), new Held(record, network.now()));
    }

    private List<PeerInfo> closerPeers(SimPeer self, PeerId requester, KadRequest.GetValue get) {
        return network.closest(get.key().bytes(), 21, self).stream()
                .filter(peer -> !peer.equals(requester))
                .map(peer -> network.find(peer).orElseThrow().info())
                .toList();
    }

    /** Codec of a peer that does not know field 778. */
    record WithoutPublicationTime(MessageCodec wire) implements MessageCodec {

        private static Record without(Record record) {
            return record.withPublished(Optional.empty());
        }

        private static KadRequest without(KadRequest request) {
            return request instanceof KadRequest.PutValue put
                    ? new KadRequest.PutValue(without(put.record()))
                    : request;
        }

        private static KadResponse without(KadResponse response) {
            if (response instanceof KadResponse.PutValue put) {
                return new KadResponse.PutValue(without(put.record()));
            }
            return response instanceof KadResponse.GetValue get
                    ? new KadResponse.GetValue(get.record().map(WithoutPublicationTime::without), get.closerPeers())
                    : response;
        }

        @Override
        public byte[] encode(KadRequest request, Instant now) throws CodecException {
            return wire.encode(without(request), now);
        }

        @Override
        public byte[] encode(KadResponse response, Instant now) {
            return wire.encode(without(response), now);
        }

        @Override
        public KadRequest decodeRequest(byte[] message, Instant now) throws CodecException {
            return without(wire.decodeRequest(message, now));
        }

        @Override
        public KadResponse decodeResponse(byte[] message, KadRequest request, Instant now) throws CodecException {
            return without(wire.decodeResponse(message, request, now));
        }
    }
}
