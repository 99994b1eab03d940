package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import java.util.List;

/** Side of a connection under upgrade: the dialer proposes, and the listener accepts or refuses. */
interface UpgradeSide {

    /** Returns whether the local peer dialled. */
    boolean isDialer();

    /** Creates the handler that negotiates one of {@code protocols}. */
    ChannelHandler securityNegotiator(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener);

    /** Creates the handler of the handshake. */
    ChannelHandler handshake(SecurityProtocol security, HandshakeListener listener);

    /** Creates the handler that negotiates one of {@code protocols} after the handshake. */
    ChannelHandler muxerNegotiator(List<String> protocols, ProtocolInstaller installer, NegotiationListener listener);
}
