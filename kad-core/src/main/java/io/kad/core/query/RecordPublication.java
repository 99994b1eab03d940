package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.KademliaConfig;
import io.kad.api.QueryId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import java.time.Instant;
import java.util.Optional;

/** Record to be stored at the peers closest to its key. */
final class RecordPublication implements Publication {

    private final QueryContext context;
    private final Record record;
    private final Quorum quorum;
    private final boolean storedLocally;

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
        return context.validators()
                .problem(record, context.host().wall())
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
    public void storeLocally(QueryHost host, QueryId query) {
        host.saveRecord(query, record);
    }

    /** Returns the record with the configured time to live, unless the user has set an expiry. */
    @Override
    public KadRequest message() {
        Instant now = context.host().wall();
        Optional<Instant> defaultExpiry =
                context.config().get(KademliaConfig.RECORD_TTL).map(now::plus);
        return new KadRequest.PutValue(record.withExpires(record.expires().or(() -> defaultExpiry)));
    }
}
