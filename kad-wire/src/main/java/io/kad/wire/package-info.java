/**
 * The libp2p formats: keys, signatures, messages and records, between bytes and API values.
 *
<<<<<<< HEAD
 * <p>Everything here is a pure function or an immutable value, safe for use by any thread, except {@link io.kad.wire.key.IdentityFile}, which
 * reads and writes a file. Only key generation draws random numbers. Input from peers is read within named limits, and the only exception
 * thrown for it is {@link io.kad.wire.encoding.MalformedMessageException}. Protobuf and the cryptographic library stay inside.
=======
 * <p>Threading: everything is a pure function or an immutable value, thread-safe and non-blocking. Random numbers come
 * only from the source passed to the generation of keys.
 *
 * <p>Received bytes are decoded within named limits; {@link io.kad.wire.encoding.MalformedMessageException} is the only
 * exception that they can cause. Protobuf and the cryptographic library are not exposed.
>>>>>>> b437f35 (Word the libp2p formats in the field's terms, and name the limit in each message about one)
 *
 * @see <a href="https://github.com/libp2p/specs">libp2p specifications</a>
 */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
