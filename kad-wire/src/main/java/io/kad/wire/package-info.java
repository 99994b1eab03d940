/**
 * The libp2p formats: keys, signatures, messages and records, from bytes to API values and back.
 *
 * <p>Everything here is a pure function or an immutable value, safe for use by any thread, except {@link io.kad.wire.key.IdentityFile}, which
 * reads and writes a file. Only key generation draws random numbers. Input from peers is read within named limits, and the only exception
 * thrown for it is {@link io.kad.wire.encoding.MalformedMessageException}. Protobuf and the cryptographic library stay inside.
 *
 * @see <a href="https://github.com/libp2p/specs">libp2p specifications</a>
 */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
