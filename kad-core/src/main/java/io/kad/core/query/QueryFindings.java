package io.kad.core.query;

import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import java.util.List;
import java.util.Optional;

/**
 * Records and providers that a query has found so far. Immutable.
 *
 * @param record the best record; empty if there is none
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
record QueryFindings(Optional<Record> record, List<PeerInfo> providers) {

    static final QueryFindings NONE = new QueryFindings(Optional.empty(), List.of());
}
