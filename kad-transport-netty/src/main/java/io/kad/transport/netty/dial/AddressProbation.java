package io.kad.transport.netty.dial;

import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Probation of an address at which a connection was opened. With TLS 1.3 and QUIC a dialer has finished before the listener decides whether it wants
 * the connection. The address is therefore good only once the remote peer has sent anything on a stream. If the connection ends before that, and
 * not by the local peer, the address has failed as one that refuses, so that a repetition tries another one. Thread-safe.
 */
final class AddressProbation {

    private final DialContext context;
    private final PeerId peer;
    private final SocketTarget target;
    private final PeerConnection connection;
    private final AtomicBoolean decided = new AtomicBoolean();

    private AddressProbation(DialContext context, PeerId peer, SocketTarget target, PeerConnection connection) {
        this.context = context;
        this.peer = peer;
        this.target = target;
        this.connection = connection;
    }

    /** Begins the probation of {@code target}, at which {@code connection} to {@code peer} was opened. */
    static void begin(DialContext context, PeerId peer, SocketTarget target, PeerConnection connection) {
        AddressProbation probation = new AddressProbation(context, peer, target, connection);
        connection.identifyFuture().addListener(done -> probation.decideIfHeard());
        connection.onLoss(probation::decide);
    }

    /** Decides after identify, whatever its result; without any answer the connection itself goes on, and so does the probation. */
    private void decideIfHeard() {
        if (connection.hasReceivedStreamFrame()) {
            decide();
        }
    }

    private void decide() {
        if (!decided.compareAndSet(false, true)) {
            return;
        }
        if (connection.hasReceivedStreamFrame()) {
            context.failedDials().succeeded(target);
            context.backOff().remove(target.backOffKey(), peer);
        } else if (!connection.isClosedLocally()) {
            context.failedDials().tryAdd(target);
            context.backOff().failed(target.backOffKey(), peer, Kind.REFUSED, false);
        }
    }
}
