package io.kad.transport.netty.dial;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import io.kad.api.spi.transport.DialFailure;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.connection.PeerConnection;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.kad.transport.netty.stream.EventLoops;
import io.kad.transport.netty.transport.DialListener;
import io.kad.transport.netty.transport.TransportProtocol;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.Optional;

/** Connector that lets the transport of a target connect. */
final class TransportConnector implements DialContext.Connector {

    private final DialOwner owner;
    private final LimitCounters counters;

    TransportConnector(DialOwner owner, LimitCounters counters) {
        this.owner = owner;
        this.counters = counters;
    }

    @Override
    public Runnable connect(EventExecutor executor, PeerId peer, SocketTarget target, DialAttempt attempt) {
        TransportProtocol transport = target.endpoint().transport();
        return transport.dial(
                (EventLoop) executor,
                peer,
                target.dialled(),
                target.socket(),
                new AttemptListener(executor, target, attempt));
    }

    /** Listener for one attempt, which is told of the result on the event loop of its dial. */
    private final class AttemptListener implements DialListener {

        private final EventExecutor executor;
        private final SocketTarget target;
        private final DialAttempt attempt;

        AttemptListener(EventExecutor executor, SocketTarget target, DialAttempt attempt) {
            this.executor = executor;
            this.target = target;
            this.attempt = attempt;
        }

        @Override
        public void onDialled(UpgradedConnection upgraded) {
            Optional<String> gated =
                    owner.gate().refuseConnection(upgraded.peer(), target.dialAddress(), Direction.OUTBOUND);
            if (gated.isPresent()) {
                upgraded.channel().close();
                String reason = target + ": " + gated.get();
                counters.countAndLog(LimitId.CONNECTION_GATE, "closed the connection to " + reason);
                fail(new TransportFailure(Kind.GATED, reason));
                return;
            }
            PeerConnection connection = attempt.isPending()
                    ? owner.open(
                            upgraded,
                            target.dialled(),
                            target.endpoint().transport().name())
                    : null;
            if (connection == null) {
                upgraded.channel().close();
                fail(new TransportFailure(Kind.OVERLOADED, "connection limit reached (max-connections)"));
            } else {
                onLoop(() -> attempt.succeed(connection));
            }
        }

        @Override
        public void onDialFailed(Kind kind, Optional<DialFailure> dial, String reason) {
            fail(new TransportFailure(kind, target + ": " + reason, dial));
        }

        @Override
        public void onLocalIdentity(Multiaddr local, Multiaddr remote, Bytes channelBinding) {
            owner.localIdentitySeen(local, remote, channelBinding);
        }

        private void fail(TransportFailure failure) {
            onLoop(() -> attempt.fail(failure));
        }

        private void onLoop(Runnable task) {
            EventLoops.runOn(executor, task, ended -> {});
        }
    }
}
