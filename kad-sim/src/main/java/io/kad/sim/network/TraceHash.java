package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import java.util.List;

/**
 * Hash over the trace of a run, and the hashes of its messages. Depends on the content and the order only, so it is the same on every
 * machine. Not thread-safe.
 */
public final class TraceHash {

    static final int NO_CONTENT = 0;
    static final int DIAL = 1;
    static final int CLOSE = 2;
    static final int IDENTIFY = 3;

    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private long value = 1;

    /** Creates the hash of an empty trace. */
    public TraceHash() {}

    /** Adds a number to the trace. */
    public void add(long number) {
        value = (value ^ number) * FACTOR;
        value ^= value >>> 29;
    }

    /** Returns the hash of all numbers added so far. */
    public long value() {
        return value;
    }

    static int of(KadRequest request) {
        return request.accept(REQUEST);
    }

    static int of(KadResponse response) {
        return response.accept(RESPONSE);
    }

    private static int of(List<PeerInfo> peers) {
        int hash = 1;
        for (PeerInfo peer : peers) {
            hash = 31 * hash + peer.id().hashCode();
        }
        return hash;
    }

    private static final KadRequest.Visitor<Integer> REQUEST = new KadRequest.Visitor<>() {
        @Override
        public Integer findNode(KadRequest.FindNode request) {
            return request.target().hashCode();
        }

        @Override
        public Integer putValue(KadRequest.PutValue request) {
            return 31 * request.record().key().bytes().hashCode()
                    + request.record().value().hashCode();
        }

        @Override
        public Integer getValue(KadRequest.GetValue request) {
            return 1 + request.key().bytes().hashCode();
        }

        @Override
        public Integer addProvider(KadRequest.AddProvider request) {
            return 2 + request.key().bytes().hashCode();
        }

        @Override
        public Integer getProviders(KadRequest.GetProviders request) {
            return 3 + request.key().bytes().hashCode();
        }

        @Override
        public Integer ping(KadRequest.Ping request) {
            return 4;
        }
    };

    private static final KadResponse.Visitor<Integer> RESPONSE = new KadResponse.Visitor<>() {
        @Override
        public Integer findNode(KadResponse.FindNode response) {
            return of(response.closerPeers());
        }

        @Override
        public Integer getValue(KadResponse.GetValue response) {
            return of(response.closerPeers())
                    + response.record().map(record -> record.value().hashCode()).orElse(0);
        }

        @Override
        public Integer putValue(KadResponse.PutValue response) {
            return response.record().value().hashCode();
        }

        @Override
        public Integer getProviders(KadResponse.GetProviders response) {
            return 31 * of(response.providers()) + of(response.closerPeers());
        }

        @Override
        public Integer ping(KadResponse.Ping response) {
            return 5;
        }
    };
}
