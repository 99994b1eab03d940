package io.kad.core.record;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Change of a record store that merges one record of another peer, and keeps what it has replaced. For one call of the store, which may
 * apply it more than once, on one thread at a time.
 */
public final class RecordMerge implements UnaryOperator<Optional<Record>> {

    private final RecordRules recordRules;
    private final Record record;
    private final PeerId from;
    private final Instant now;

    private Optional<Record> replaced = Optional.empty();

    /**
     * Creates the change.
     *
     * @param record a valid record, with the expiry and the time of publication to store
     * @param from the peer that sent or returned it
     */
    public RecordMerge(RecordRules recordRules, Record record, PeerId from, Instant now) {
        this.recordRules = recordRules;
        this.record = record;
        this.from = from;
        this.now = now;
    }

    @Override
    public Optional<Record> apply(Optional<Record> stored) {
        Record kept = recordRules.merge(stored, record, from, now);
        replaced = stored.filter(previous -> recordRules.isLocal(previous) && !recordRules.isLocal(kept));
        return Optional.of(kept);
    }

    /** Returns whether the store accepted the record, or has one with its value, after an update that returned {@code kept}. */
    public boolean isAccepted(Optional<Record> kept) {
        return kept.map(Record::value).filter(record.value()::equals).isPresent();
    }

    /** Returns the event that a record of the local peer was replaced; empty if none was. Called after the store has returned. */
    public Optional<DhtEvent> superseded() {
        return replaced.map(lost -> new DhtEvent.RecordSuperseded(lost, record, from));
    }
}
