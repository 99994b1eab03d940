package io.kad.transport.netty.noise;

import io.kad.api.id.PeerId;
import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.Limit;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.security.HandshakeException;
import io.kad.transport.netty.security.HandshakeException.Reason;
import io.kad.transport.netty.security.HandshakeListener;
import io.kad.transport.netty.security.SecuredPeer;
import io.kad.transport.netty.security.SecurityProtocol;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.time.Duration;

/** Noise as a step of a connection upgrade. */
public final class NoiseSecurity implements SecurityProtocol {

    /** Protocol ID of Noise. */
    public static final String PROTOCOL = "/noise";

    private final NoiseIdentity local;
    private final Duration messageTimeout;
    private final LimitCounters counters;

    /**
     * Creates the protocol of one transport.
     *
     * @param messageTimeout longest time of an incomplete message after the handshake
     */
    public NoiseSecurity(NoiseIdentity local, Duration messageTimeout, LimitCounters counters) {
        this.local = local;
        this.messageTimeout = messageTimeout;
        this.counters = counters;
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
    public ChannelHandler dialer(PeerId expected, HandshakeListener listener) {
        return NoiseHandshakeHandler.initiator(local, expected, new Adapter(listener));
    }

    @Override
    public ChannelHandler listener(HandshakeListener listener) {
        return NoiseHandshakeHandler.responder(local, new Adapter(listener));
    }

    private void limitMessageTime(Channel channel) {
        String effect = "closed the connection to " + channel.remoteAddress()
                + ": a message of Noise is incomplete after " + DurationText.of(messageTimeout);
        channel.pipeline()
                .get(NoiseTransportHandler.class)
                .limitMessageTime(messageTimeout, () -> counters.count(Limit.MESSAGE_TIMEOUT, effect));
    }

    /** Listener of one handshake. */
    private final class Adapter implements NoiseListener {

        private final HandshakeListener listener;

        Adapter(HandshakeListener listener) {
            this.listener = listener;
        }

        @Override
        public void onCheckStarted() {
            listener.onCheckStarted();
        }

        @Override
        public void onSecured(Channel channel, HandshakeResult session) {
            limitMessageTime(channel);
            listener.onSecured(channel, new SecuredPeer(session.remotePeer(), session.muxer()));
        }

        @Override
        public void onFailed(Channel channel, NoiseException cause) {
            listener.onFailed(
                    channel,
                    new HandshakeException(
                            reason(cause),
                            cause,
                            channel.attr(NoiseHandshakeHandler.HANDSHAKE_HASH_OF_LOCAL_IDENTITY)
                                    .get()));
        }
    }

    private static Reason reason(NoiseException cause) {
        return switch (cause.reason()) {
            case MALFORMED, BAD_TAG, WEAK_KEY, BAD_SIGNATURE, NO_COMMON_MUXER -> Reason.REFUSED;
            case LIMIT -> Reason.LIMIT;
            case OVERLOADED -> Reason.OVERLOADED;
            case WRONG_PEER -> Reason.WRONG_PEER;
            case LOCAL_PEER -> Reason.LOCAL_PEER;
            case CLOSED -> Reason.CLOSED;
            case INTERNAL -> Reason.INTERNAL;
        };
    }
}
