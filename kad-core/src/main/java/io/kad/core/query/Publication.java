package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.Quorum;
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
    void storeLocally(QueryHost host, QueryId query);

    /** Returns the message for each of the closest peers. */
    KadRequest message();
}
