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

/** A record that is put into the DHT. */
final class RecordPublication implements Publication {

    private final QueryContext context;
    private final Record record;
    private final Quorum quorum;

    /** Publishes {@code record} in the name of this peer, with the usual time to live if it has none of its own. */
    RecordPublication(QueryContext context, QuerySpec.PutRecord spec) {
        this.context = context;
        Instant now = context.host().wall();
        Optional<Instant> usual =
                context.config().get(KademliaConfig.RECORD_TTL).map(now::plus);
        this.record = new Record(
                spec.record().key(),
                spec.record().value(),
                Optional.of(context.self()),
                spec.record().expires().or(() -> usual),
                Optional.empty());
        this.quorum = spec.quorum();
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
    public void save(QueryHost host, QueryId query) {
        host.saveRecord(query, record);
    }

    @Override
    public KadRequest message() {
        return new KadRequest.PutValue(record);
    }
}
