package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.FindPeerResult;
import io.kad.core.message.CloserPeersExtractor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Query for one peer and its addresses. The local peer and connected peers are known without a lookup. For any other peer, a lookup of
 * its ID runs until a response has its addresses, or the peer itself responds.
 */
final class FindPeerQuery extends LookupQuery {

    private final PeerId peer;

    private @Nullable PeerInfo found;

    FindPeerQuery(QueryState state, QueryContext context, QuerySpec.FindPeer spec) {
        super(
                state,
                context,
                spec.peer().kadKey(),
                new KadRequest.FindNode(spec.peer().bytes()),
                context.k());
        this.peer = spec.peer();
    }

    @Override
    public void start() {
        Optional<PeerInfo> local = findLocally();
        if (local.isPresent()) {
            state.complete(stats -> new FindPeerResult(local.get(), stats));
        } else if (lookupPhase.start()) {
            proceed();
        } else {
            lookupPhase.failWithoutResponse();
        }
    }

    private Optional<PeerInfo> findLocally() {
        return peer.equals(context.self())
                ? Optional.of(new PeerInfo(peer, context.operations().localAddresses(), ConnectionType.CONNECTED))
                : context.operations()
                        .connectedPeer(peer)
                        .filter(connected -> !connected.addresses().isEmpty());
    }

    @Override
    void readResponse(PeerId sender, KadResponse response) {
        boolean hasAddresses = response.accept(CloserPeersExtractor.INSTANCE).stream()
                .anyMatch(closer ->
                        closer.id().equals(peer) && !closer.addresses().isEmpty());
        if (hasAddresses || sender.equals(peer)) {
            found = lookupPhase.peerInfo(peer);
        }
    }

    @Override
    boolean isSatisfied() {
        return found != null;
    }

    /** Waits for late peers, as nothing is found yet: else the query had {@linkplain #isSatisfied enough}. */
    @Override
    boolean endsOnceConverged() {
        return false;
    }

    @Override
    void end() {
        PeerInfo result = found;
        if (result != null) {
            state.complete(stats -> new FindPeerResult(result, stats));
        } else if (lookupPhase.isUnanswered()) {
            lookupPhase.failWithoutResponse();
        } else {
            state.fail(stats -> new KadException.NotFound(
                    "peer " + peer + " not found: none of the " + stats.successes() + " peers that responded knows it",
                    lookupPhase.idsOfClosestResponders(),
                    stats));
        }
    }
}
