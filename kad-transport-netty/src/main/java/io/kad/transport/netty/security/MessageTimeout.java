package io.kad.transport.netty.security;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Limit of the time of an incomplete message from the end of the handshake on, for all connections with one security protocol. Thread-safe.
 *
 * @param unit what is incomplete, for people, such as {@code message of Noise}
 */
public record MessageTimeout(String unit, Duration timeout, LimitCounters counters) {

    /** Returns a listener that sets the limit when the channel is secured, and passes all calls on. */
    public HandshakeListener startOnSecured(HandshakeListener listener) {
        return new HandshakeListener() {
            @Override
            public void onIdentityCheckStarted() {
                listener.onIdentityCheckStarted();
            }

            @Override
            public void onSecured(Channel channel, SecuredPeer peer) {
                limit(channel);
                listener.onSecured(channel, peer);
            }

            @Override
            public void onHandshakeFailed(Channel channel, HandshakeException cause) {
                listener.onHandshakeFailed(channel, cause);
            }
        };
    }

    private void limit(Channel channel) {
        String effect = "closed the connection to " + channel.remoteAddress() + ": a " + unit + " is incomplete after "
                + DurationText.of(timeout);
        channel.pipeline()
                .get(MessageTimer.Owner.class)
                .messageTimer()
                .limit(channel, timeout, () -> counters.countAndLog(LimitId.MESSAGE_TIMEOUT, effect));
    }
}
