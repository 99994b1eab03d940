package io.kad.sim.network;

import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;

/** Is told of each request that arrives and each answer that leaves; every method does nothing unless it is overridden. */
public interface TrafficListener {

    /** Takes that a request has arrived at {@code to}. */
    default void requestReceived(SimPeer from, SimPeer to, KadRequest request) {}

    /** Takes that {@code from} answers a request of {@code to}. */
    default void responseSent(SimPeer from, SimPeer to, KadRequest request, KadResponse response) {}
}
