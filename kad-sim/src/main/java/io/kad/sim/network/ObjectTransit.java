package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.record.Record;
import java.time.Duration;

/**
 * Messages that arrive as the objects that were sent, whatever their size. On the wire a record has the time that it still lives, not the
 * time at which it expires, so that time is moved by the difference of the wall clocks.
 */
final class ObjectTransit implements MessageTransit {

    @Override
    public Sent<KadRequest> send(KadRequest request, SimPeer from) {
        Duration clock = from.clockOffset();
        return to -> moved(request, to.clockOffset().minus(clock));
    }

    @Override
    public Sent<KadResponse> send(KadResponse response, KadRequest request, SimPeer from) {
        Duration clock = from.clockOffset();
        return to -> {
            if (!isOfSameKind(response, request)) {
                throw new CodecException("response of another kind than the request");
            }
            return moved(response, to.clockOffset().minus(clock));
        };
    }

    private static boolean isOfSameKind(KadResponse response, KadRequest request) {
        return (response instanceof KadResponse.FindNode && request instanceof KadRequest.FindNode)
                || (response instanceof KadResponse.GetValue && request instanceof KadRequest.GetValue)
                || (response instanceof KadResponse.PutValue && request instanceof KadRequest.PutValue)
                || (response instanceof KadResponse.GetProviders && request instanceof KadRequest.GetProviders)
                || (response instanceof KadResponse.Ping && request instanceof KadRequest.Ping);
    }

    private static KadRequest moved(KadRequest request, Duration ahead) {
        return !ahead.isZero() && request instanceof KadRequest.PutValue put
                ? new KadRequest.PutValue(moved(put.record(), ahead))
                : request;
    }

    private static KadResponse moved(KadResponse response, Duration ahead) {
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
