package io.kad.core.lookup;

import io.kad.api.id.PeerId;

/** Source of the measured response times that wait times follow from; see the package description. Confined to one thread at a time. */
@FunctionalInterface
public interface ResponseTimesSource {

    /** Returns the response times of the kind of request that {@code peer} needs now: with or without a dial. */
    ResponseTimes responseTimes(PeerId peer);
}
