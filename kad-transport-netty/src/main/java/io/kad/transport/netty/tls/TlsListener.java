package io.kad.transport.netty.tls;

import io.kad.api.id.PeerId;
import io.netty.channel.Channel;
import java.util.Optional;

/** Listener for the result of a handshake: exactly one call of {@link #onSecured} or {@link #onFailed}, on the event loop of the channel. */
public interface TlsListener {

    /**
     * Called before the signatures of the remote peer are checked, which may take a while. It has sent all its messages of the handshake; what
     * it sends next is not read until the check is done.
     */
    void onCheckStarted();

    /**
     * Called with a secured channel. Handlers that this call adds at the end of the pipeline receive the bytes that the remote peer has already
     * sent.
     *
     * @param channel the secured channel
     * @param remote the authenticated remote peer
     * @param muxer stream muxer that both peers have agreed on; empty if it must still be negotiated
     */
    void onSecured(Channel channel, PeerId remote, Optional<String> muxer);

    /**
     * Called when the handshake failed.
     *
     * @param channel the channel, which is closed after this call
     * @param cause reason of the failure
     */
    void onFailed(Channel channel, TlsException cause);
}
