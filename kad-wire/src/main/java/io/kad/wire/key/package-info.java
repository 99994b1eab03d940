/**
 * Keys, signatures and identities: Ed25519, RSA, secp256k1 and ECDSA. Immutable values, thread-safe.
 *
 * <p>Source: libp2p peer ID specification.
 */
@NullMarked
package io.kad.wire.key;

import org.jspecify.annotations.NullMarked;
