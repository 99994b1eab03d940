package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import java.time.Duration;

/**
 * Lifetimes of the records in messages between peers whose wall clocks differ. On the wire a record has the time that it still lives, not
 * the time at which it expires, so that time is moved by the difference of the clocks.
 */
final class Lifetimes {

    private Lifetimes() {}

    /** Returns {@code request} as it arrives at a peer whose clock is ahead of that of the sender by {@code ahead}. */
    static KadRequest of(KadRequest request, Duration ahead) {
        return !ahead.isZero() && request instanceof KadRequest.PutValue put
                ? new KadRequest.PutValue(moved(put.record(), ahead))
                : request;
    }

    /** Returns {@code response} as it arrives at a peer whose clock is ahead of that of the sender by {@code ahead}. */
    static KadResponse of(KadResponse response, Duration ahead) {
        if (ahead.isZero()) {
            return response;
        }
        if (response instanceof KadResponse.GetValue get) {
            return new KadResponse.GetValue(get.record().map(record -> moved(record, ahead)), get.closerPeers());
        }
        return response instanceof KadResponse.PutValue put
                ? new KadResponse.PutValue(moved(put.record(), ahead))
                : response;
    }

    private static Record moved(Record record, Duration ahead) {
        return record.withExpires(record.expires().map(expires -> expires.plus(ahead)));
    }
}
