/**
 * The libp2p formats: keys, signatures, messages and records, between bytes and API values.
 *
 * <p>Threading: everything except {@link io.kad.wire.key.IdentityFile} is a pure function or an immutable value, thread-safe and
 * non-blocking. Random numbers come only from the source passed to the generation of keys.
 *
 * <p>Received bytes are decoded within named limits; {@link io.kad.wire.encoding.MalformedMessageException} is the only
 * exception that they can cause. Protobuf and the cryptographic library are not exposed.
 *
 * @see <a href="https://github.com/libp2p/specs">libp2p specifications</a>
 */
@NullMarked
package io.kad.wire;

import org.jspecify.annotations.NullMarked;
