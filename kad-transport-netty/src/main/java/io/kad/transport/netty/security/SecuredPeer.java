package io.kad.transport.netty.security;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import java.util.Optional;

/**
 * Result of a handshake.
 *
 * @param id authenticated ID of the remote peer
 * @param muxer protocol ID of the stream muxer that was selected in the handshake; empty if it must still be negotiated
 */
public record SecuredPeer(PeerId id, Optional<String> muxer) {
    public SecuredPeer {
        requireNonNull(id, "id");
        requireNonNull(muxer, "muxer");
    }
}
