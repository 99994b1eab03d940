package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.core.record.FoundRecord;
import io.kad.core.record.RecordMerge;
import io.kad.core.record.RecordRules;
import java.time.Instant;
import java.util.Optional;

/** Record to be stored at the peers closest to its key. */
final class RecordPublication implements Publication {

    private final QueryContext context;
    private final Quorum quorum;
    private final boolean storedLocally;
    private Record record;
    private Optional<FoundRecord> better = Optional.empty();

    private RecordPublication(QueryContext context, Record record, Quorum quorum, boolean storedLocally) {
        this.context = context;
        this.record = record;
        this.quorum = quorum;
        this.storedLocally = storedLocally;
    }

    /** Returns the publication of a new record, with the local peer as its publisher. */
    static RecordPublication put(QueryContext context, QuerySpec.PutRecord spec) {
        Record record = spec.record().withPublisher(context.self()).withTimeReceived(Optional.empty());
        return new RecordPublication(context, record, spec.quorum(), false);
    }

    /** Returns the publication of a record in the local store, which keeps its publisher. */
    static RecordPublication republish(QueryContext context, QuerySpec.Republish spec) {
        Record record = spec.record().withTimeReceived(Optional.empty());
        return new RecordPublication(context, record, Quorum.one(), true);
    }

    @Override
    public RecordKey key() {
        return record.key();
    }

    @Override
    public Quorum quorum() {
        return quorum;
    }

    @Override
    public Optional<KadException> problem() {
        return problem(context, record);
    }

    /** Returns the reason why {@code record} must not be stored anywhere, or empty. */
    static Optional<KadException> problem(QueryContext context, Record record) {
        return context.recordRules()
                .reasonInvalid(record, context.operations().wall())
                .<KadException>map(KadException.InvalidRecord::new)
                .or(() -> isTooLarge(context, record) ? Optional.of(context.recordTooLarge()) : Optional.empty());
    }

    /** Returns whether key and value alone exceed the limit; a message has the key twice. The transport checks the exact size. */
    private static boolean isTooLarge(QueryContext context, Record record) {
        return 2L * record.key().bytes().size() + record.value().size() > context.maxMessageBytes();
    }

    @Override
    public boolean isStoredLocally() {
        return storedLocally;
    }

    /** Writes the record with the expiry that the user has set, or without one; it is republished from this copy. */
    @Override
    public void storeLocally(QueryOperations operations, QueryId queryId) {
        operations.saveRecord(queryId, record);
    }

    /** Continues with the record that the store contains: this one with its time of publication, or a better one. */
    @Override
    public void saved(Record kept) {
        if (kept.value().equals(record.value())) {
            record = kept.withTimeReceived(Optional.empty());
        } else {
            better = Optional.of(new FoundRecord(kept, Optional.empty()));
        }
    }

    /** Reads the record of each peer while republishing, as peers of other implementations would replace a better one. */
    @Override
    public KadRequest lookupMessage() {
        return storedLocally ? new KadRequest.GetValue(key()) : new KadRequest.FindNode(key().bytes());
    }

    @Override
    public void readResponse(PeerId peer, KadResponse response) {
        if (!(response instanceof KadResponse.GetValue value) || value.record().isEmpty()) {
            return;
        }
        Instant now = context.operations().wall();
        Record found = value.record().get();
        if (!found.key().equals(key())
                || context.recordRules().reasonInvalidWhenReceived(found, now).isPresent()) {
            return;
        }
        Record read = context.recordRules().withPublicationTimeWhenRead(found, Optional.of(peer), now);
        Record best = better.map(FoundRecord::record).orElse(record);
        if (!read.value().equals(best.value()) && context.recordRules().replaces(read, best, now)) {
            better = Optional.of(new FoundRecord(read, Optional.of(peer)));
        }
    }

    @Override
    public Optional<FoundRecord> better() {
        return better;
    }

    @Override
    public Optional<FoundRecord> better(FoundRecord found) {
        return better(context, record, found);
    }

    /** Returns {@code found} if it is the reason why a peer refused to store {@code record}; empty otherwise. */
    static Optional<FoundRecord> better(QueryContext context, Record record, FoundRecord found) {
        Instant now = context.operations().wall();
        Record read = context.recordRules().withPublicationTimeWhenRead(found.record(), found.holder(), now);
        boolean refused = read.key().equals(record.key())
                && context.recordRules().reasonInvalid(read, now).isEmpty()
                && context.recordRules().isRefusedFor(read, record, now);
        return refused ? Optional.of(new FoundRecord(read, found.holder())) : Optional.empty();
    }

    /**
     * Writes the better record. If that one may not be stored, this one goes if it is a put that nobody has stored, which then leaves nothing, or if it
     * loses by the clock of the local peer too. A record that says it is of the local peer, as anyone can, or that wins only since its time is far
     * ahead, ends no record that others have stored.
     */
    @Override
    public void replaceLocalCopy(
            QueryOperations operations, QueryId queryId, FoundRecord found, boolean hasBeenStored) {
        RecordRules rules = context.recordRules();
        boolean loses = !rules.isLocal(found.record()) && rules.replaces(found.record(), record, operations.wall());
        boolean leavesNothing = !hasBeenStored && !storedLocally;
        context.mergeRecord(queryId, found, loses || leavesNothing ? Optional.of(record) : Optional.empty());
    }

    @Override
    public boolean isCopy(Record stored) {
        return RecordMerge.isCopy(stored, record);
    }

    /** Returns the record with the configured time to live, unless the user has set an expiry. */
    @Override
    public KadRequest message() {
        Instant now = context.operations().wall();
        Optional<Instant> defaultExpiry =
                context.config().get(KademliaConfig.RECORD_TTL).map(now::plus);
        return new KadRequest.PutValue(record.withExpires(record.expires().or(() -> defaultExpiry)));
    }
}
