package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadRequest;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Query that writes a {@link Publication} to the local store, looks up the closest peers, and stores it at all of them concurrently. It
 * starts to store when the lookup has converged, and stores at late peers when they respond. Only the closest peers of the finished
 * lookup count towards the quorum.
 */
final class PublishQuery implements QueryLogic {

    private final QueryState state;
    private final QueryContext context;
    private final Publication publication;
    private final LookupPhase lookup;

    private @Nullable StorePhase storePhase;

    PublishQuery(QueryState state, QueryContext context, Publication publication) {
        this.state = state;
        this.context = context;
        this.publication = publication;
        this.lookup = new LookupPhase(
                state,
                context,
                publication.key().kadKey(),
                new KadRequest.FindNode(publication.key().bytes()),
                context.k(),
                LookupPhase.ResponseHandler.NONE);
    }

    @Override
    public void start() {
        Optional<KadException> problem = publication.problem();
        if (problem.isPresent()) {
            state.fail(stats -> problem.get());
        } else if (!publication.isStoredLocally()) {
            publication.storeLocally(context.host(), state.id());
        } else {
            stored();
            if (!state.hasEnded()) {
                proceed();
            }
        }
    }

    @Override
    public void stored() {
        if (!lookup.start()) {
            lookup.failWithoutResponse();
        }
    }

    @Override
    public void recordSuperseded() {
        state.fail(stats ->
                new KadException.InvalidRecord("rejected: the local store has a better record under this key"));
    }

    @Override
    public void storeFailed(StoreException failure) {
        state.fail(stats ->
                new KadException.StoreFailed("cannot write to the local store: " + failure.getMessage(), failure));
    }

    @Override
    public void proceed() {
        if (!lookup.isStarted()) {
            return;
        }
        lookup.proceed();
        if (lookup.hasConverged()) {
            StorePhase phase = storeAtClosest();
            phase.proceed();
            if (lookup.isFinished() && phase.isIdle()) {
                phase.endQuery();
            }
        }
    }

    /** Adds the closest peers that were found since the last call. */
    private StorePhase storeAtClosest() {
        StorePhase phase = storePhase();
        List<PeerInfo> closest = lookup.isFinished() ? lookup.closest() : lookup.respondedAmongClosest();
        closest.forEach(peer -> phase.add(new StorePhase.Target(peer, lookup.hop(peer.id()))));
        if (lookup.isFinished()) {
            count(phase);
        }
        return phase;
    }

    private StorePhase storePhase() {
        StorePhase phase = storePhase;
        if (phase == null) {
            phase = new StorePhase(state, context, publication.key(), publication.message(), 2 * context.k());
            storePhase = phase;
        }
        return phase;
    }

    private void count(StorePhase phase) {
        List<PeerId> closest = lookup.closestIds();
        phase.count(closest, publication.quorum().required(closest.size()));
    }

    @Override
    public void finish() {
        StorePhase phase = storePhase;
        if (phase != null && lookup.isFinished()) {
            phase.endQuery();
        } else {
            lookup.finish();
            proceed();
        }
    }

    @Override
    public void completeAtTimeout() {
        StorePhase phase = storePhase;
        if (phase != null) {
            count(phase);
            if (phase.hasQuorum()) {
                phase.endQuery();
            }
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        StorePhase phase = storePhase;
        return phase == null ? List.of() : phase.storedBy();
    }

    @Override
    public long nextDeadlineNanos() {
        return lookup.nextDeadlineNanos();
    }
}
