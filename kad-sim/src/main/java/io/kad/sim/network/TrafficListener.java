package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;

/**
 * Listener for the requests that servers receive and the responses that they send. The default methods do nothing. Called on the thread
 * of the network.
 */
public interface TrafficListener {

    /** Called when {@code to} has received a request of {@code from}, before it is handled. */
    default void requestReceived(SimPeer from, SimPeer to, KadRequest request) {}

    /** Called when {@code from} sends a response to a request of {@code to}. */
    default void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {}
}
