package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import java.util.Optional;

/**
 * Result of a finished handshake.
 *
 * @param remotePeer authenticated ID of the remote peer
 * @param muxer stream muxer selected in the handshake; empty if it must still be negotiated
 */
public record HandshakeResult(PeerId remotePeer, Optional<String> muxer) {
    public HandshakeResult {
        requireNonNull(remotePeer, "remotePeer");
        requireNonNull(muxer, "muxer");
    }
}
