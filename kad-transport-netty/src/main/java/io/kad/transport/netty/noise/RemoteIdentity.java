package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.BAD_SIGNATURE;
import static io.kad.transport.netty.noise.NoiseException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;
import static io.kad.transport.netty.noise.NoiseException.Reason.WRONG_PEER;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.wire.NoisePayload;
import io.kad.wire.encoding.MalformedMessageException;
import io.kad.wire.key.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Authenticated identity of the remote peer.
 *
 * @param peerId peer ID
 * @param muxers offered stream muxers, in order of preference
 */
record RemoteIdentity(PeerId peerId, List<String> muxers) {
    RemoteIdentity {
        muxers = List.copyOf(muxers);
    }

    /**
     * Authenticates a handshake payload; the signature is checked last, because it costs most.
     *
     * @param staticKey static public key of the remote peer
     * @param local ID of the local peer
     * @param expected the dialled peer; null for the listener
     * @throws NoiseException if the payload is invalid, or belongs to the local peer or to an unexpected one
     */
    static RemoteIdentity verify(byte[] payload, byte[] staticKey, PeerId local, @Nullable PeerId expected)
            throws NoiseException {
        try {
            NoisePayload decoded = NoisePayload.decode(Bytes.of(payload));
            PublicKey key = PublicKey.decode(decoded.identityKey());
            requireExpected(key.peerId(), expected);
            decoded.authenticate(key, Bytes.of(staticKey));
            if (key.peerId().equals(local)) {
                throw new NoiseException(LOCAL_PEER, "the remote peer has the identity of the local peer");
            }
            return new RemoteIdentity(key.peerId(), decoded.streamMuxers());
        } catch (MalformedMessageException e) {
            boolean forged = e.reason() == MalformedMessageException.Reason.BAD_SIGNATURE;
            throw new NoiseException(
                    forged ? BAD_SIGNATURE : MALFORMED, "invalid handshake payload: " + e.getMessage(), e);
        }
    }

    private static void requireExpected(PeerId remote, @Nullable PeerId expected) throws NoiseException {
        if (expected != null && !remote.equals(expected)) {
            throw new NoiseException(
                    WRONG_PEER, "peer ID mismatch: dialled %s, reached %s".formatted(expected, remote));
        }
    }
}
