package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.FindPeerResult;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds one peer. A connected peer is known already; for any other, a lookup of its id goes on until somebody names it with
 * addresses, or it answers itself.
 */
final class FindPeerQuery implements QueryLogic {

    private final QueryState state;
    private final QueryContext context;
    private final PeerId wanted;
    private final LookupPhase lookup;

    private @Nullable PeerInfo found;

    FindPeerQuery(QueryState state, QueryContext context, QuerySpec.FindPeer spec) {
        this.state = state;
        this.context = context;
        this.wanted = spec.peer();
        this.lookup = new LookupPhase(
                state, context, wanted.kadKey(), new KadRequest.FindNode(wanted.bytes()), context.k(), this::read);
    }

    @Override
    public void start() {
        Optional<PeerInfo> near = near();
        if (near.isPresent()) {
            state.complete(stats -> new FindPeerResult(near.get(), stats));
        } else if (!lookup.hasSeeds()) {
            state.fail(stats -> lookup.noPeers());
        } else {
            proceed();
        }
    }

    /** Returns the peer if nobody has to be asked for it. */
    private Optional<PeerInfo> near() {
        return wanted.equals(context.self())
                ? Optional.of(new PeerInfo(wanted, context.host().localAddresses(), ConnectionType.CONNECTED))
                : context.host()
                        .connected(wanted)
                        .filter(peer -> !peer.addresses().isEmpty());
    }

    private void read(PeerId peer, KadResponse response) {
        boolean named = response.accept(CloserPeersExtractor.OF).stream()
                .anyMatch(each -> each.id().equals(wanted) && !each.addresses().isEmpty());
        if (named || peer.equals(wanted)) {
            found = lookup.peerInfo(wanted);
        }
    }

    @Override
    public void proceed() {
        if (found != null) {
            end();
            return;
        }
        lookup.proceed();
        if (lookup.isFinished()) {
            end();
        }
    }

    @Override
    public void finish() {
        lookup.finish();
        end();
    }

    private void end() {
        PeerInfo peer = found;
        if (peer != null) {
            state.complete(stats -> new FindPeerResult(peer, stats));
        } else if (lookup.hasNoResponse()) {
            state.fail(stats -> lookup.noPeers());
        } else {
            state.fail(stats -> new KadException.NotFound(
                    "none of the " + stats.successes() + " peers that answered knows peer " + wanted,
                    lookup.closestIds(),
                    stats));
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        return lookup.closestIds();
    }

    @Override
    public long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
