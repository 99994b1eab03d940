package io.kad.transport.netty.upgrade;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;

/** Side of an outbound connection: the local peer proposes. */
final class DialerSide implements UpgradeSide {

    private final PeerId expected;

    DialerSide(PeerId expected) {
        this.expected = expected;
    }

    @Override
    public boolean isDialer() {
        return true;
    }

    @Override
    public ChannelHandler securityNegotiator(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener) {
        return MultistreamDialer.eager(protocols, installer, listener, Duration.ZERO);
    }

    @Override
    public ChannelHandler handshake(SecurityProtocol security, HandshakeListener listener) {
        return security.secureOutbound(expected, listener);
    }

    @Override
    public ChannelHandler muxerNegotiator(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener) {
        if (protocols.size() == 1) {
            // Without the only muxer the connection is useless, so nothing is lost by not waiting for the agreement
            return MultistreamDialer.lazy(protocols.get(0), installer, listener, Duration.ZERO);
        }
        return MultistreamDialer.eager(protocols, installer, listener, Duration.ZERO);
    }
}
