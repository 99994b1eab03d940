/**
 * The codec of Kademlia messages, between bytes and the values of {@code io.kad.api.message}. Thread-safe.
 *
 * <p>Source: libp2p kad-dht specification, section on RPC messages.
 */
@NullMarked
package io.kad.wire.message;

import org.jspecify.annotations.NullMarked;
