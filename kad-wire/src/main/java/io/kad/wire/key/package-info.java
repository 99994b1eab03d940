/**
 * Keys, signatures and identities: Ed25519, RSA, secp256k1 and ECDSA.
 *
 * <p>Threading: immutable values, thread-safe.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">libp2p peer IDs</a>
 */
@NullMarked
package io.kad.wire.key;

import org.jspecify.annotations.NullMarked;
