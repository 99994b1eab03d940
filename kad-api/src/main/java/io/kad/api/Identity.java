package io.kad.api;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;

/**
 * Who a peer is: its id, its public key, and the power to sign with the private key.
 *
 * <p>The private key itself never shows, so that it may live in a file, a token or another process. Thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer ids and keys</a>
 */
public interface Identity {

    /** Returns the peer id, derived from {@link #publicKey()}. */
    PeerId peerId();

    /** Returns the public key in its canonical protobuf form. */
    Bytes publicKey();

    /** Returns the signature of {@code message} by the private key, in the form the key type prescribes. */
    Bytes sign(Bytes message);
}
