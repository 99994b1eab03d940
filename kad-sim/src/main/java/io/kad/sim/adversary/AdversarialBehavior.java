package io.kad.sim.adversary;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.Responder;
import io.kad.sim.network.PeerBehavior;
import io.kad.sim.network.SimPeer;
import java.util.List;
import java.util.Optional;

/** A hostile peer that answers everything in good form, but holds nothing, keeps nothing, and names whom it likes. */
abstract class AdversarialBehavior implements PeerBehavior {

    /** Returns whom {@code self} names to {@code asker}, nearest to {@code target} first. */
    abstract List<PeerInfo> closerPeers(SimPeer self, PeerId asker, KadKey target);

    @Override
    public boolean isAdversarial() {
        return true;
    }

    @Override
    public void serve(SimPeer peer, InboundRequest request, Responder responder, Runnable honestly) {
        request.request()
                .accept(new ForgedResponses(peer, request.from()))
                .ifPresentOrElse(responder::respond, responder::finish);
    }

    private final class ForgedResponses implements KadRequest.Visitor<Optional<KadResponse>> {

        private final SimPeer self;
        private final PeerId asker;

        ForgedResponses(SimPeer self, PeerId asker) {
            this.self = self;
            this.asker = asker;
        }

        private List<PeerInfo> near(Bytes key) {
            return closerPeers(self, asker, KadKey.hash(key));
        }

        @Override
        public Optional<KadResponse> findNode(KadRequest.FindNode request) {
            return Optional.of(new KadResponse.FindNode(near(request.target())));
        }

        @Override
        public Optional<KadResponse> putValue(KadRequest.PutValue request) {
            return Optional.of(new KadResponse.PutValue(request.record()));
        }

        @Override
        public Optional<KadResponse> getValue(KadRequest.GetValue request) {
            return Optional.of(new KadResponse.GetValue(
                    Optional.empty(), near(request.key().bytes())));
        }

        @Override
        public Optional<KadResponse> addProvider(KadRequest.AddProvider request) {
            return Optional.empty();
        }

        @Override
        public Optional<KadResponse> getProviders(KadRequest.GetProviders request) {
            return Optional.of(
                    new KadResponse.GetProviders(List.of(), near(request.key().bytes())));
        }

        @Override
        public Optional<KadResponse> ping(KadRequest.Ping request) {
            return Optional.of(new KadResponse.Ping());
        }
    }
}
