package io.kad.transport.netty.noise;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.MessageTimeout;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import java.time.Duration;

/** Noise as a step of a connection upgrade. */
public final class NoiseSecurity implements SecurityProtocol {

    private static final String PROTOCOL = "/noise";

    private final NoiseIdentity local;
    private final MessageTimeout timeout;

    /**
     * Creates the protocol of one transport.
     *
     * @param messageTimeout longest time of an incomplete message after the handshake
     */
    public NoiseSecurity(NoiseIdentity local, Duration messageTimeout, LimitCounters counters) {
        AeadCiphers.prepare();
        this.local = local;
        this.timeout = new MessageTimeout(messageTimeout, counters);
    }

    @Override
    public String protocol() {
        return PROTOCOL;
    }

    @Override
    public String name() {
        return "noise";
    }

    @Override
    public ChannelHandler secureOutbound(PeerId expected, HandshakeListener listener) {
        return NoiseHandshakeHandler.initiator(local, expected, timeout.startOnSecured(listener));
    }

    @Override
    public ChannelHandler secureInbound(HandshakeListener listener) {
        return NoiseHandshakeHandler.responder(local, timeout.startOnSecured(listener));
    }
}
