package io.kad.transport.netty.upgrade;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.multistream.MultistreamDialer;
import io.kad.transport.netty.multistream.ProtocolInstaller;
import io.kad.transport.netty.noise.HandshakeResult;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;

/** Upgrade of an outbound connection: the local peer proposes. */
final class OutboundUpgrade extends ConnectionUpgradeSteps {
    private final PeerId expected;

    OutboundUpgrade(NoiseIdentity local, PeerId expected, UpgradeGuard guard) {
        super(local, guard);
        this.expected = expected;
    }

    @Override
    ChannelHandler securityNegotiator() {
        return MultistreamDialer.eager(
                List.of(NOISE), (channel, protocol) -> addHandshake(channel), this, Duration.ZERO);
    }

    @Override
    NoiseHandshakeHandler handshakeHandler() {
        return NoiseHandshakeHandler.initiator(local, expected, this);
    }

    @Override
    ChannelHandler muxerNegotiator(HandshakeResult session) {
        ProtocolInstaller installer = (channel, protocol) -> finish(session, protocol);
        if (local.muxers().size() == 1) {
            // Without the only muxer the connection is useless, so nothing is lost by not waiting for the agreement
            return MultistreamDialer.lazy(local.muxers().get(0), installer, this, Duration.ZERO);
        }
        return MultistreamDialer.eager(local.muxers(), installer, this, Duration.ZERO);
    }
}
