package io.kad.transport.netty.multistream;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/**
 * Listener for the result of a negotiation: exactly one call of exactly one method, on the event loop of the channel.
 */
public interface NegotiationListener {

    /** Listener that ignores every result: the negotiation itself closes a channel that failed. */
    NegotiationListener NONE = onFailure(cause -> {});

    /** Returns a listener that passes a failure to {@code action} and ignores an agreement. */
    static NegotiationListener onFailure(Consumer<NegotiationException> action) {
        return new NegotiationListener() {
            @Override
            public void onAgreed(Channel channel, String protocol) {}

            @Override
            public void onNegotiationFailed(Channel channel, NegotiationException cause) {
                action.accept(cause);
            }
        };
    }

    /**
     * Called when both peers have agreed on a protocol.
     *
     * <p>Its handlers are installed by then; bytes received after the agreement reach them after this call.
     *
     * @param channel the negotiated channel
     * @param protocol the agreed protocol ID
     */
    void onAgreed(Channel channel, String protocol);

    /**
     * Called when the negotiation failed.
     *
     * @param channel the channel, which is closed after this call
     * @param cause reason of the failure
     */
    void onNegotiationFailed(Channel channel, NegotiationException cause);
}
