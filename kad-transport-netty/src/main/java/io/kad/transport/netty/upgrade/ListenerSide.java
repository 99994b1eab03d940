package io.kad.transport.netty.upgrade;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.NegotiationListener;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.multistream.ProtocolLookup;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;

/** Side of an inbound connection: the remote peer proposes. */
final class ListenerSide implements UpgradeSide {

    @Override
    public boolean isDialer() {
        return false;
    }

    @Override
    public ChannelHandler securityNegotiator(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener) {
        return responder(protocols, installer, listener);
    }

    @Override
    public ChannelHandler handshake(SecurityProtocol security, HandshakeListener listener) {
        return security.secureInbound(listener);
    }

    @Override
    public ChannelHandler muxerNegotiator(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener) {
        return responder(protocols, installer, listener);
    }

    private static ChannelHandler responder(
            List<String> protocols, ProtocolInstaller installer, NegotiationListener listener) {
        return new MultistreamResponder(
                ProtocolLookup.of(protocols.stream().collect(toMap(identity(), protocol -> installer))),
                listener,
                Duration.ZERO);
    }
}
