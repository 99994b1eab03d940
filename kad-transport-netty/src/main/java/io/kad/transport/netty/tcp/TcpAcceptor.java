package io.kad.transport.netty.tcp;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.transport.AcceptListener;
import io.kad.transport.netty.transport.TrafficCounter;
import io.kad.transport.netty.upgrade.ConnectionUpgrade;
import io.kad.transport.netty.upgrade.UpgradeException;
import io.kad.transport.netty.upgrade.UpgradeListener;
import io.kad.transport.netty.upgrade.UpgradedConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.net.InetSocketAddress;
import java.util.List;

/** First handler of each accepted connection: finds out its protocol if there are several, and starts its upgrade. */
@Sharable
final class TcpAcceptor extends ChannelInitializer<Channel> {

    private static final List<TcpProtocol> PLAIN = List.of(PlainTcp.INSTANCE);

    private final ConnectionUpgrade upgrade;
    private final TrafficCounter traffic;
    private final AcceptListener listener;
    private final List<TcpProtocol> protocols;

    /**
     * Creates the handler of one listening socket.
     *
     * @param protocols those of the socket at present, which others change
     */
    TcpAcceptor(
            ConnectionUpgrade upgrade, TrafficCounter traffic, AcceptListener listener, List<TcpProtocol> protocols) {
        this.upgrade = upgrade;
        this.traffic = traffic;
        this.listener = listener;
        this.protocols = protocols;
    }

    @Override
    protected void initChannel(Channel channel) {
        List<TcpProtocol> present = List.copyOf(protocols);
        if (!(channel.remoteAddress() instanceof InetSocketAddress socket) || present.isEmpty()) {
            channel.close(); // the remote peer has left again, or the listener is being closed
            return;
        }
        Accepted accepted = new Accepted(socket, present.get(0));
        if (!listener.tryAccept(channel, accepted.remote())) {
            channel.close();
            return;
        }
        channel.pipeline().addLast(traffic);
        if (present.equals(PLAIN)) {
            upgrade.upgradeInbound(channel, accepted);
        } else {
            Progress progress = new Progress(channel);
            channel.pipeline().addLast(new FirstByte(present, accepted::speaks, progress));
            progress.begin = upgrade.prepareInbound(channel, accepted);
        }
    }

    /** Progress of the handshake of one connection, which begins the upgrade after it. */
    private final class Progress implements HandshakeProgress {

        private final Channel channel;
        private Runnable begin = () -> {};

        Progress(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void onAdvanced() {
            listener.onUpgradeAdvanced(channel);
        }

        @Override
        public void onReady() {
            begin.run();
        }
    }

    /** Listener for the upgrade of one connection. Confined to its event loop. */
    private final class Accepted implements UpgradeListener {

        private final InetSocketAddress socket;
        private TcpProtocol protocol;

        Accepted(InetSocketAddress socket, TcpProtocol protocol) {
            this.socket = socket;
            this.protocol = protocol;
        }

        void speaks(TcpProtocol found) {
            protocol = found;
        }

        private Multiaddr remote() {
            return protocol.addresses().address(socket);
        }

        @Override
        public void onSecurityAgreed(Channel agreed) {
            listener.onSecurityAgreed(agreed);
        }

        @Override
        public void onUpgraded(UpgradedConnection connection) {
            listener.onInboundConnection(connection, remote(), protocol.transportName());
        }

        @Override
        public void onUpgradeFailed(Channel failed, UpgradeException cause) {
            listener.reportIfLocalIdentity(protocol.addresses(), failed.localAddress(), socket, cause);
            listener.onInboundFailed(failed, remote(), cause);
        }
    }
}
