package io.kad.transport.netty.noise;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import java.util.Optional;

/**
 * What a finished handshake has shown.
 *
 * @param remotePeer the remote's peer id, proven
 * @param remotePublicKey the remote's public key in its canonical protobuf form
 * @param muxer the stream muxer that the handshake has agreed on; empty if it is still to be negotiated
 */
public record NoiseSession(PeerId remotePeer, Bytes remotePublicKey, Optional<String> muxer) {
    public NoiseSession {
        requireNonNull(remotePeer, "remotePeer");
        requireNonNull(remotePublicKey, "remotePublicKey");
        requireNonNull(muxer, "muxer");
    }
}
