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

/** A record that is stored at the peers closest to its key. */
final class RecordPublication implements Publication {

    private final QueryContext context;
    private final Record record;
    private final Quorum quorum;
    private final boolean held;

    private RecordPublication(QueryContext context, Record record, Quorum quorum, boolean held) {
        this.context = context;
        this.record = record;
        this.quorum = quorum;
        this.held = held;
    }

    /** Puts a record in the name of this peer. */
    static RecordPublication put(QueryContext context, QuerySpec.PutRecord spec) {
        Record own = spec.record().withPublisher(context.self()).withTimeReceived(Optional.empty());
        return new RecordPublication(context, own, spec.quorum(), false);
    }

    /** Puts a record again that this peer holds, whoever published it. */
    static RecordPublication republish(QueryContext context, QuerySpec.Republish spec) {
        Record held = spec.record().withTimeReceived(Optional.empty());
        return new RecordPublication(context, held, Quorum.one(), true);
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

    /** Returns why {@code record} can't be put anywhere, or empty. */
    static Optional<KadException> problem(QueryContext context, Record record) {
        return context.validators()
                .problem(record, context.host().wall())
                .or(() -> tooLarge(context, record))
                .map(KadException.InvalidRecord::new);
    }

    /** A message holds the key twice; whether all else fits as well, the transport finds out. */
    private static Optional<String> tooLarge(QueryContext context, Record record) {
        int limit = context.config().get(KademliaConfig.MAX_SENT_MESSAGE_BYTES);
        long size = 2L * record.key().bytes().size() + record.value().size();
        return size > limit
                ? Optional.of("key and value make a message of more than " + limit + " bytes, see "
                        + KademliaConfig.MAX_SENT_MESSAGE_BYTES.name())
                : Optional.empty();
    }

    @Override
    public boolean isStoredLocally() {
        return held;
    }

    /** The own copy lives as long as the user says, for ever if that is not said; it is what the record is published from again. */
    @Override
    public void storeLocally(QueryHost host, QueryId query) {
        host.saveRecord(query, record);
    }

    /** Others keep the record for the usual time if nothing is said. */
    @Override
    public KadRequest message() {
        Instant now = context.host().wall();
        Optional<Instant> usual =
                context.config().get(KademliaConfig.RECORD_TTL).map(now::plus);
        return new KadRequest.PutValue(record.withExpires(record.expires().or(() -> usual)));
    }
}
