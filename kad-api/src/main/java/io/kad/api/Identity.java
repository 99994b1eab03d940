package io.kad.api;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/**
 * Identity of a peer: its peer ID, its public key, and signing with the private key.
 *
 * <p>The private key is not exposed, so it may be stored in a file, a token or another process. Implementations must be thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer IDs and keys</a>
 */
public interface Identity {

    /** Returns the peer ID, which is derived from {@link #publicKey()}. */
    PeerId peerId();

    /** Returns the public key, as the canonical {@code PublicKey} protobuf message. */
    Bytes publicKey();

    /**
     * Returns the signature of {@code message} by the private key, in the format of the key type.
     *
     * <p>Called when a transport is created, and later by threads that check signatures, at each change of the addresses of the local peer. A
     * later call that fails, or takes more than 2 s, leaves identify without a signed peer record.
     */
    Bytes sign(Bytes message);
}
