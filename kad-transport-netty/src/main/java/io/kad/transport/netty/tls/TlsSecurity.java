package io.kad.transport.netty.tls;

import io.kad.api.id.PeerId;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.MessageTimeout;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.ChannelHandler;
import java.time.Duration;

/** TLS 1.3 as a step of a connection upgrade. */
public final class TlsSecurity implements SecurityProtocol {

    private static final String PROTOCOL = "/tls/1.0.0";

    /** Name of TLS for people, over TCP and within QUIC. */
    public static final String NAME = "tls";

    private final TlsContexts contexts;
    private final MessageTimeout timeout;

    /**
     * Creates the protocol of one transport.
     *
     * @param messageTimeout longest time of an incomplete record after the handshake
     */
    public TlsSecurity(TlsContexts contexts, Duration messageTimeout, LimitCounters counters) {
        this.contexts = contexts;
        this.timeout = new MessageTimeout(messageTimeout, counters);
    }

    @Override
    public String protocol() {
        return PROTOCOL;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ChannelHandler secureOutbound(PeerId expected, HandshakeListener listener) {
        return TlsHandshakeHandler.dialer(contexts, expected, timeout.startOnSecured(listener));
    }

    @Override
    public ChannelHandler secureInbound(HandshakeListener listener) {
        return TlsHandshakeHandler.listener(contexts, timeout.startOnSecured(listener));
    }
}
