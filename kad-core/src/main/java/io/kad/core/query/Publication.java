package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Quorum;
import io.kad.api.record.Record;
import io.kad.core.record.FoundRecord;
import java.util.Optional;

/** Record or provider record to be stored locally and at the peers closest to its key. */
interface Publication {

    /** Returns the key. */
    RecordKey key();

    /** Returns the number of peers that must store it. */
    Quorum quorum();

    /** Returns the reason why it must not be published, or empty. */
    Optional<KadException> problem();

    /** Returns whether the local store has it already. */
    boolean isStoredLocally();

    /** Writes it to the local store. */
    void storeLocally(QueryOperations operations, QueryId queryId);

    /** Called when the local store has written its record, with the record that it contains now. */
    default void saved(Record kept) {}

    /** Returns the request of the lookup for the closest peers. */
    default KadRequest lookupMessage() {
        return new KadRequest.FindNode(key().bytes());
    }

    /** Reads a response of the lookup. */
    default void readResponse(PeerId peer, KadResponse response) {}

    /** Returns the message for each of the closest peers. */
    KadRequest message();

    /** Returns a better record that is known, so that this one must not be stored at any peer; empty if there is none. */
    default Optional<FoundRecord> better() {
        return Optional.empty();
    }

    /**
     * Writes a better record to the local store, unless it contains a better one still.
     *
     * @param hasBeenStored whether any peer has stored this one
     */
    default void replaceLocalCopy(
            QueryOperations operations, QueryId queryId, FoundRecord better, boolean hasBeenStored) {}

    /** Returns whether {@code stored} is a copy of this. */
    default boolean isCopy(Record stored) {
        return false;
    }

    /** Returns {@code found} if it is the reason why a peer refused to store this; empty otherwise. */
    default Optional<FoundRecord> better(FoundRecord found) {
        return Optional.empty();
    }
}
