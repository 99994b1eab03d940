package io.kad.transport.netty.upgrade;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.multistream.ProtocolLookup;
import io.kad.transport.netty.noise.HandshakeResult;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.Map;

/** Upgrade of an inbound connection: the remote peer proposes. */
final class InboundUpgrade extends ConnectionUpgradeSteps {

    InboundUpgrade(NoiseIdentity local, UpgradeGuard guard) {
        super(local, guard);
    }

    @Override
    ChannelHandler securityNegotiator() {
        return listener(Map.of(NOISE, (channel, protocol) -> addHandshake(channel)));
    }

    @Override
    NoiseHandshakeHandler handshakeHandler() {
        return NoiseHandshakeHandler.responder(local, this);
    }

    @Override
    ChannelHandler muxerNegotiator(HandshakeResult session) {
        ProtocolInstaller installer = (channel, protocol) -> finish(session, protocol);
        return listener(local.muxers().stream().collect(toMap(identity(), muxer -> installer)));
    }

    private ChannelHandler listener(Map<String, ProtocolInstaller> protocols) {
        return new MultistreamResponder(ProtocolLookup.of(protocols), this, Duration.ZERO);
    }
}
