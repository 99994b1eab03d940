package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;

/**
 * Listener for the requests that servers receive and the responses that they send. The default methods do nothing. Called on the thread
 * of the network.
 */
public interface TrafficListener {

    /** State of a request when its response arrives. */
    enum Timing {
        /** The request is pending. */
        IN_TIME,
        /** The request has failed by its timeout. */
        AFTER_TIMEOUT,
        /** The requester has cancelled the request, as it may do when its query has ended. */
        AFTER_CANCEL
    }

    /** Called when {@code to} has received a request of {@code from}, before it is handled. */
    default void requestReceived(SimPeer from, SimPeer to, KadRequest request) {}

    /** Called when {@code from} sends a response to a request of {@code to}. */
    default void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {}

    /** Called when the response of {@code from} to a request of {@code to} arrives; not for duplicates. */
    default void responseReceived(SimPeer from, SimPeer to, KadRequest request, Timing timing) {}
}
