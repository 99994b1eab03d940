package io.kad.transport.netty.upgrade;

import io.kad.transport.netty.multistream.MultistreamResponder;
import io.kad.transport.netty.multistream.ProtocolLookup;
import io.kad.transport.netty.noise.HandshakeResult;
import io.kad.transport.netty.noise.NoiseHandshakeHandler;
import io.kad.transport.netty.noise.NoiseIdentity;
import io.kad.transport.netty.support.TestIdentity;
import io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Upgrade of a listener like rust-libp2p: offers no muxer in the handshake and negotiates one afterwards. */
final class RustLikeSteps extends ConnectionUpgradeSteps {
    private final String muxer;

    RustLikeSteps(UpgradeGuard guard, String muxer) {
        super(NoiseIdentity.create(new TestIdentity(2), List.of()), guard);
        this.muxer = muxer;
    }

    @Override
    ChannelHandler securityNegotiator() {
        return new MultistreamResponder(
                ProtocolLookup.of(Map.of(NOISE, (channel, protocol) -> addHandshake(channel))), this, Duration.ZERO);
    }

    @Override
    NoiseHandshakeHandler handshakeHandler() {
        return NoiseHandshakeHandler.responder(local, this);
    }

    @Override
    ChannelHandler muxerNegotiator(HandshakeResult session) {
        return new MultistreamResponder(
                ProtocolLookup.of(Map.of(muxer, (channel, protocol) -> finish(session, protocol))),
                this,
                Duration.ZERO);
    }
}
