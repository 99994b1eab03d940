package io.kad.transport.netty.noise;

import static io.kad.transport.netty.noise.NoiseException.Reason.BAD_SIGNATURE;
import static io.kad.transport.netty.noise.NoiseException.Reason.LIMIT;
import static io.kad.transport.netty.noise.NoiseException.Reason.LOCAL_PEER;
import static io.kad.transport.netty.noise.NoiseException.Reason.MALFORMED;
import static io.kad.transport.netty.noise.NoiseException.Reason.WRONG_PEER;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.stream.SignatureChecks;
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

    /** Decodes a handshake payload, whose signature is not checked. */
    static NoisePayload decode(byte[] payload) throws NoiseException {
        try {
            return NoisePayload.decode(Bytes.of(payload));
        } catch (MalformedMessageException e) {
            throw invalid(MALFORMED, e);
        }
    }

    /** Returns whether the key of a payload is a costly one; see {@link SignatureChecks}. */
    static boolean isCostly(NoisePayload payload) {
        return payload.identityKey().size() > PeerId.MAX_INLINE_KEY_BYTES;
    }

    /**
     * Authenticates a handshake payload. The signature costs most: it is checked only if the peer is the expected one, and whether that is the local
     * peer only once the signature has proved it. Not for event loops.
     *
     * @param staticKey static public key of the remote peer
     * @param local ID of the local peer
     * @param expected the dialled peer; null for the listener
     * @throws NoiseException if the payload is invalid, or belongs to the local peer or to an unexpected one
     */
    static RemoteIdentity verify(NoisePayload payload, byte[] staticKey, PeerId local, @Nullable PeerId expected)
            throws NoiseException {
        try {
            PublicKey key = PublicKey.decode(payload.identityKey());
            requireExpected(key.peerId(), expected);
            payload.authenticate(key, Bytes.of(staticKey));
            if (key.peerId().equals(local)) {
                throw new NoiseException(LOCAL_PEER, "the remote peer has the identity of the local peer");
            }
            return new RemoteIdentity(key.peerId(), payload.streamMuxers());
        } catch (MalformedMessageException e) {
            throw switch (e.reason()) {
                case BAD_SIGNATURE -> invalid(BAD_SIGNATURE, e);
                case BAD_IDENTITY_KEY -> invalid(LIMIT, e); // a key of a kind or size that is not accepted
                default -> invalid(MALFORMED, e);
            };
        }
    }

    private static NoiseException invalid(NoiseException.Reason reason, MalformedMessageException cause) {
        return new NoiseException(reason, "invalid handshake payload: " + cause.getMessage(), cause);
    }

    private static void requireExpected(PeerId remote, @Nullable PeerId expected) throws NoiseException {
        if (expected != null && !remote.equals(expected)) {
            throw new NoiseException(
                    WRONG_PEER, "peer ID mismatch: dialled %s, reached %s".formatted(expected, remote));
        }
    }
}
