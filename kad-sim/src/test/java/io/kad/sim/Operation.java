package io.kad.sim;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.message.KadRequest;
import io.kad.sim.network.SimPeer;
import io.kad.sim.network.SimTransport;
import java.time.Duration;
import java.util.List;

/** Operation of a simulated transport with another peer. */
enum Operation {
    REQUEST,
    SEND,
    CONNECT,
    IDENTIFY,
    PING;

    static final KadRequest FIND_NODE = new KadRequest.FindNode(Bytes.utf8("target"));

    /** Starts this operation of {@code from} with {@code to}; the outcome is set as time advances. */
    Outcome start(SimNetwork network, SimPeer from, SimPeer to, Duration timeout) {
        Outcome outcome = new Outcome(network);
        SimTransport transport = from.transport();
        switch (this) {
            case REQUEST -> outcome.cancellable(transport.request(to.info(), FIND_NODE, timeout, outcome.callback()));
            case SEND -> {
                KadRequest.AddProvider provider =
                        new KadRequest.AddProvider(RecordKey.utf8("key"), List.of(from.info()));
                outcome.cancellable(transport.send(to.info(), provider, timeout, outcome.callback()));
            }
            case CONNECT -> outcome.cancellable(transport.connect(to.info(), timeout, outcome.callback()));
            case IDENTIFY -> outcome.cancellable(transport.identify(to.info(), timeout, outcome.callback()));
            case PING -> outcome.cancellable(transport.ping(to.info(), timeout, outcome.callback()));
        }
        return outcome;
    }
}
