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
 * Who the remote is, after everything about it was checked.
 *
 * @param peerId its peer id
 * @param publicKey its public key in its canonical protobuf form
 * @param muxers the stream muxers it offers
 */
record RemoteIdentity(PeerId peerId, Bytes publicKey, List<String> muxers) {
    RemoteIdentity {
        muxers = List.copyOf(muxers);
    }

    /**
     * Checks a handshake payload: cheap things first, the signature last.
     *
     * @param expected the peer that was dialled, or null on the side that did not dial
     */
    static RemoteIdentity verify(byte[] payload, byte[] staticKey, PeerId own, @Nullable PeerId expected)
            throws NoiseException {
        try {
            NoisePayload decoded = NoisePayload.decode(Bytes.of(payload));
            requirePeer(PublicKey.decode(decoded.identityKey()).peerId(), own, expected);
            PublicKey key = decoded.authenticate(Bytes.of(staticKey));
            return new RemoteIdentity(key.peerId(), key.encoded(), decoded.streamMuxers());
        } catch (MalformedMessageException e) {
            boolean forged = e.reason() == MalformedMessageException.Reason.BAD_SIGNATURE;
            throw new NoiseException(forged ? BAD_SIGNATURE : MALFORMED, "bad handshake payload: " + e.getMessage(), e);
        }
    }

    private static void requirePeer(PeerId remote, PeerId own, @Nullable PeerId expected) throws NoiseException {
        if (expected != null && !remote.equals(expected)) {
            throw new NoiseException(WRONG_PEER, "dialled %s and reached %s".formatted(expected, remote));
        }
        if (remote.equals(own)) {
            throw new NoiseException(LOCAL_PEER, "the remote has this peer's own identity");
        }
    }
}
