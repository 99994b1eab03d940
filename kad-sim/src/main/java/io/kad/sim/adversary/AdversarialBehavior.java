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

/** Behavior of an adversarial peer: well-formed responses with closer peers of its choice, and no stored records. */
abstract class AdversarialBehavior implements PeerBehavior {

    /** Returns the closer peers in the response of {@code self} to {@code requester}, closest to {@code target} first. */
    abstract List<PeerInfo> closerPeers(SimPeer self, PeerId requester, KadKey target);

    @Override
    public boolean isAdversarial() {
        return true;
    }

    @Override
    public void serve(SimPeer peer, InboundRequest request, Responder responder, Runnable defaultHandler) {
        request.request()
                .accept(new ForgedResponses(peer, request.from()))
                .ifPresentOrElse(responder::respond, responder::completeWithoutResponse);
    }

    private final class ForgedResponses implements KadRequest.Visitor<Optional<KadResponse>> {

        private final SimPeer self;
        private final PeerId requester;

        ForgedResponses(SimPeer self, PeerId requester) {
            this.self = self;
            this.requester = requester;
        }

        private List<PeerInfo> closest(Bytes key) {
            return closerPeers(self, requester, KadKey.hash(key));
        }

        @Override
        public Optional<KadResponse> findNode(KadRequest.FindNode request) {
            return Optional.of(new KadResponse.FindNode(closest(request.target())));
        }

        @Override
        public Optional<KadResponse> putValue(KadRequest.PutValue request) {
            return Optional.of(new KadResponse.PutValue(request.record()));
        }

        @Override
        public Optional<KadResponse> getValue(KadRequest.GetValue request) {
            return Optional.of(new KadResponse.GetValue(
                    Optional.empty(), closest(request.key().bytes())));
        }

        @Override
        public Optional<KadResponse> addProvider(KadRequest.AddProvider request) {
            return Optional.empty();
        }

        @Override
        public Optional<KadResponse> getProviders(KadRequest.GetProviders request) {
            return Optional.of(new KadResponse.GetProviders(
                    List.of(), closest(request.key().bytes())));
        }

        @Override
        public Optional<KadResponse> ping(KadRequest.Ping request) {
            return Optional.of(new KadResponse.Ping());
        }
    }
}
