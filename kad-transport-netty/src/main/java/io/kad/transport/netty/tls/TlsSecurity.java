package io.kad.transport.netty.tls;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;

/** TLS 1.3 as a step of a connection upgrade. */
public final class TlsSecurity implements SecurityProtocol {

    /** Protocol ID of TLS. */
    public static final String PROTOCOL = "/tls/1.0.0";

    /** Name of TLS for people, over TCP and within QUIC. */
    public static final String NAME = "tls";

    private final TlsContexts contexts;
    private final Duration messageTimeout;
    private final LimitCounters counters;

    /**
     * Creates the protocol of one transport.
     *
     * @param messageTimeout longest time of an incomplete record after the handshake
     */
    public TlsSecurity(TlsContexts contexts, Duration messageTimeout, LimitCounters counters) {
        this.contexts = contexts;
        this.messageTimeout = messageTimeout;
        this.counters = counters;
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
    public ChannelHandler dialer(PeerId expected, HandshakeListener listener) {
        return TlsHandshakeHandler.dialer(contexts, expected, new TimingListener(listener));
    }

    @Override
    public ChannelHandler listener(HandshakeListener listener) {
        return TlsHandshakeHandler.listener(contexts, new TimingListener(listener));
    }

    /** Listener that limits the time of records from the end of the handshake on. */
    private final class TimingListener implements HandshakeListener {

        private final HandshakeListener listener;

        TimingListener(HandshakeListener listener) {
            this.listener = listener;
        }

        @Override
        public void onCheckStarted() {
            listener.onCheckStarted();
        }

        @Override
        public void onSecured(Channel channel, SecuredPeer peer) {
            String effect = "closed the connection to " + channel.remoteAddress()
                    + ": a record of TLS is incomplete after " + DurationText.of(messageTimeout);
            channel.pipeline()
                    .get(RecordTimer.class)
                    .limit(messageTimeout, () -> counters.count(Limit.MESSAGE_TIMEOUT, effect));
            listener.onSecured(channel, peer);
        }

        @Override
        public void onFailed(Channel channel, HandshakeException cause) {
            listener.onFailed(channel, cause);
        }
    }
}
