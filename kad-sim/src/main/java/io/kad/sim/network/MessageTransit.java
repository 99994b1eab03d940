package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;

/** Form of a message on its way between two peers: bytes, or the object that was sent. Confined to the thread of the network. */
interface MessageTransit {

    /**
     * Message on its way.
     *
     * @param <M> type of the message
     */
    @FunctionalInterface
    interface Sent<M> {

        /**
         * Returns the message as {@code to} reads it now.
         *
         * @throws CodecException if {@code to} refuses it
         */
        M readBy(SimPeer to) throws CodecException;
    }

    /**
     * Sends a request of {@code from}.
     *
     * @throws CodecException if it is too large
     */
    Sent<KadRequest> send(KadRequest request, SimPeer from) throws CodecException;

    /** Sends a response of {@code from} to {@code request}. */
    Sent<KadResponse> send(KadResponse response, KadRequest request, SimPeer from);
}
