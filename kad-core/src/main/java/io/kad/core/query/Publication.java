package io.kad.core.query;

import io.kad.api.KadException;
import io.kad.api.QueryId;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.api.record.Quorum;
import java.util.Optional;

/** Something that is stored here and at the peers closest to its key. */
interface Publication {

    /** Returns the key. */
    RecordKey key();

    /** Returns how many peers must take it. */
    Quorum quorum();

    /** Returns why it must not be published, or empty. */
    Optional<KadException> problem();

    /** Returns whether the own store holds it already. */
    boolean isStoredLocally();

    /** Stores it in the own store. */
    void storeLocally(QueryHost host, QueryId query);

    /** Returns what is sent to each of the closest peers. */
    KadRequest message();
}
