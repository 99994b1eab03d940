package io.kad.transport.netty.security;

import io.kad.api.text.DurationText;
import io.kad.transport.netty.limit.LimitCounters;
import io.kad.transport.netty.limit.LimitId;
import io.netty.channel.Channel;
import java.time.Duration;

/**
 * Limit of the time of an incomplete message from the end of the handshake on, for all connections with one security protocol: of each layer
 * that has such messages, as there may be TLS below the security protocol. Thread-safe.
 */
public record MessageTimeout(Duration timeout, LimitCounters counters) {

    /** Returns a listener that sets the limits when the channel is secured, and passes all calls on. */
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
        channel.pipeline().forEach(each -> {
            if (each.getValue() instanceof MessageTimer.Owner owner) {
                limit(channel, owner.messageTimer());
            }
        });
    }

    private void limit(Channel channel, MessageTimer timer) {
        String effect = "closed the connection to " + channel.remoteAddress() + ": a " + timer.unit()
                + " is incomplete after " + DurationText.of(timeout);
        timer.limit(channel, timeout, () -> counters.countAndLog(LimitId.MESSAGE_TIMEOUT, effect));
    }
}
