package io.kad.core.runtime;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.core.engine.Peers;
import io.kad.core.peer.PeerFixture;
import java.util.List;

/** Requests to a peer, from any host, each of which says whether it was accepted. */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
final class InboundRequests {

    private final PeerFixture fixture;

    InboundRequests(PeerFixture fixture) {
        this.fixture = fixture;
    }

    private boolean serve(String host, int peer, KadRequest request) {
        boolean[] accepted = new boolean[1];
        fixture.transport.handler.onRequest(
                new InboundRequest(Peers.peer(peer), Multiaddr.parse(host + "/tcp/50000"), request), new Responder() {
                    @Override
                    public void respond(KadResponse response) {
                        accepted[0] = true;
                    }

                    @Override
                    public void completeWithoutResponse() {
                        accepted[0] = true;
                    }

                    @Override
                    public void reset() {}
                });
        return accepted[0];
    }

    boolean put(String host, int peer, Record record) {
        return serve(host, peer, new KadRequest.PutValue(record));
    }

    /** Announces {@code peer} as a provider. */
    boolean provide(String host, int peer, RecordKey key, List<Multiaddr> addresses) {
        return serve(host, peer, new KadRequest.AddProvider(key, List.of(PeerInfo.of(Peers.peer(peer), addresses))));
    }
}
