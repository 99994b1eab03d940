package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.result.PartialResult;
import io.kad.api.spi.store.StoreException;
import io.kad.core.record.FoundRecord;
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
    private final LookupPhase lookupPhase;

    private @Nullable StorePhase storePhase;
    /** The better record, once it is written to the local store. */
    private @Nullable FoundRecord merging;

    PublishQuery(QueryState state, QueryContext context, Publication publication) {
        this.state = state;
        this.context = context;
        this.publication = publication;
        this.lookupPhase = new LookupPhase(
                state,
                context,
                publication.key().kadKey(),
                publication.lookupMessage(),
                context.k(),
                publication::readResponse);
    }

    @Override
    public void start() {
        Optional<KadException> problem = publication.problem();
        if (problem.isPresent()) {
            state.fail(stats -> problem.get());
        } else if (!publication.isStoredLocally()) {
            publication.storeLocally(context.operations(), state.id());
        } else {
            stored();
            if (!state.hasEnded()) {
                proceed();
            }
        }
    }

    @Override
    public void stored() {
        if (!lookupPhase.start()) {
            lookupPhase.failWithoutResponse();
        }
    }

    @Override
    public void recordSaved(Record kept) {
        publication.saved(kept);
        Optional<FoundRecord> better = publication.better();
        if (better.isPresent()) {
            state.setLocalCopy(PartialResult.LocalCopy.NONE);
            storePhase().endSuperseded(better.get());
        } else {
            stored();
        }
    }

    /** Ends the query with the record that won, which the local store may have taken, refused or found to be too old. */
    @Override
    public void recordMerged(Optional<Record> stored) {
        if (stored.filter(publication::isCopy).isEmpty()) {
            state.setLocalCopy(PartialResult.LocalCopy.NONE);
        }
        if (merging != null) {
            end(storePhase());
        }
    }

    /** Ends the query with the results so far. */
    private void end(StorePhase phase) {
        if (merging != null) {
            phase.endSuperseded(merging);
        } else {
            phase.endQuery();
        }
    }

    /** Replaces the copy of the local store first, so that it is not republished. */
    private void endSuperseded(FoundRecord better) {
        if (merging == null) {
            merging = better;
            boolean hasBeenStored = storePhase != null && storePhase.hasBeenStored();
            publication.replaceLocalCopy(context.operations(), state.id(), better, hasBeenStored);
        }
    }

    @Override
    public void storeFailed(StoreException failure) {
        if (merging != null) {
            end(storePhase());
            return;
        }
        state.fail(stats ->
                new KadException.StoreFailed("cannot write to the local store: " + failure.getMessage(), failure));
    }

    @Override
    public void proceed() {
        if (!lookupPhase.isStarted() || merging != null) {
            return;
        }
        lookupPhase.proceed();
        if (!lookupPhase.hasConverged()) {
            return;
        }
        Optional<FoundRecord> better = publication.better();
        if (better.isPresent()) {
            endSuperseded(better.get());
            return;
        }
        StorePhase phase = storeAtClosest();
        phase.proceed();
        if (lookupPhase.isFinished() && phase.isIdle()) {
            phase.proceedToEnd(publication::better, this::endSuperseded);
        }
    }

    /** Adds the closest peers that were found since the last call. */
    private StorePhase storeAtClosest() {
        StorePhase phase = storePhase();
        List<PeerInfo> closest =
                lookupPhase.isFinished() ? lookupPhase.closestResponders() : lookupPhase.respondersAmongClosest();
        closest.forEach(peer -> phase.add(new StorePhase.Target(peer, lookupPhase.hop(peer.id()))));
        if (lookupPhase.isFinished()) {
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
        List<PeerId> closest = lookupPhase.idsOfClosestResponders();
        phase.count(closest, publication.quorum().required(closest.size()));
    }

    @Override
    public void finish() {
        if (merging != null || (storePhase != null && lookupPhase.isFinished())) {
            end(storePhase());
        } else {
            lookupPhase.finish();
            proceed();
        }
    }

    @Override
    public void completeAtTimeout() {
        StorePhase phase = storePhase;
        if (phase != null) {
            count(phase);
        }
        if (merging != null || (phase != null && phase.hasQuorum())) {
            end(storePhase());
        }
    }

    @Override
    public List<PeerId> succeededPeers() {
        StorePhase phase = storePhase;
        return phase == null ? List.of() : phase.storedBy();
    }

    /** Returns no deadline while the query waits for the local store only: its lookup no longer proceeds, whatever is due. */
    @Override
    public long nextDeadlineNanos() {
        return merging != null ? Long.MAX_VALUE : lookupPhase.nextDeadlineNanos();
    }
}
