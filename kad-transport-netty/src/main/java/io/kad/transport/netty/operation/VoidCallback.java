package io.kad.transport.netty.operation;

import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;

/**
 * Adapter for operations without a result.
 *
 * @param callback callback of the caller
 */
public record VoidCallback(Callback<Void> callback) implements Callback<Boolean> {

    @Override
    public boolean tryDial(Multiaddr address) {
        return callback.tryDial(address);
    }

    @Override
    @SuppressWarnings("NullAway") // the one value of Void
    public void onSuccess(Boolean done) {
        callback.onSuccess(null);
    }

    @Override
    public void onQueued() {
        callback.onQueued();
    }

    @Override
    public void onDequeued() {
        callback.onDequeued();
    }

    @Override
    public void onFailure(TransportFailure failure) {
        callback.onFailure(failure);
    }
}
