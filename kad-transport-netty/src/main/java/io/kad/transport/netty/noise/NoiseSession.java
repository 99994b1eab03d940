package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.Optional;

/**
 * Result of a finished handshake.
 *
 * @param remotePeer authenticated ID of the remote peer
 * @param remotePublicKey public key of the remote peer in its canonical protobuf form
 * @param muxer stream muxer selected in the handshake; empty if it must still be negotiated
 */
public record NoiseSession(PeerId remotePeer, Bytes remotePublicKey, Optional<String> muxer) {
    public NoiseSession {
        requireNonNull(remotePeer, "remotePeer");
        requireNonNull(remotePublicKey, "remotePublicKey");
        requireNonNull(muxer, "muxer");
    }
}
