package io.kad.core.record;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.PeerId;
import io.kad.api.record.Record;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Change of a record store that merges one record of another peer, or removes the one that lost to it, and keeps what it has replaced. For one call of the store, which may
 * apply it more than once, on one thread at a time.
 */
public final class RecordMerge implements UnaryOperator<Optional<Record>> {

    private final RecordRules recordRules;
    private final Record record;
    private final PeerId from;
    private final UnaryOperator<Optional<Record>> change;

    private Optional<Record> replaced = Optional.empty();

    private RecordMerge(RecordRules recordRules, Record record, PeerId from, UnaryOperator<Optional<Record>> change) {
        this.recordRules = recordRules;
        this.record = record;
        this.from = from;
        this.change = change;
    }

    /**
     * Creates the change that merges {@code record}.
     *
     * @param record a valid record, with the expiry and the time of publication to store
     * @param from the peer that sent or returned it
     */
    public RecordMerge(RecordRules recordRules, Record record, PeerId from, Instant now) {
        this(recordRules, record, from, stored -> Optional.of(recordRules.merge(stored, record, from, now)));
    }

    /**
     * Returns the change that removes the copy of {@code loser}, unless it was published again since, as {@code record} won and may not be stored.
     *
     * @param from the peer that has {@code record}
     */
    public static RecordMerge removal(RecordRules recordRules, Record loser, Record record, PeerId from, Instant now) {
        return new RecordMerge(
                recordRules,
                record,
                from,
                stored -> stored.filter(
                        present -> !isCopy(present, loser) || recordRules.isPublishedLater(present, loser, now)));
    }

    /** Returns whether {@code stored} is a copy of {@code record}, which may have another expiry and time of publication. */
    public static boolean isCopy(Record stored, Record record) {
        return stored.value().equals(record.value()) && stored.publisher().equals(record.publisher());
    }

    @Override
    public Optional<Record> apply(Optional<Record> stored) {
        Optional<Record> kept = change.apply(stored);
        replaced = stored.filter(recordRules::isLocal)
                .filter(previous -> kept.filter(recordRules::isLocal).isEmpty());
        return kept;
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
