/**
 * Private networks: a cipher with a pre-shared key below everything else of libp2p, so that only who has the key can connect at all.
 *
 * <p>Threading: a key is immutable; the state of a connection is confined to its event loop.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/pnet/Private-Networks-PSK-V1.md">Pre-shared key based private networks</a>
 */
@NullMarked
package io.kad.transport.netty.psk;

import org.jspecify.annotations.NullMarked;
