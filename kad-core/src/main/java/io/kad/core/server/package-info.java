/**
 * Decisions for inbound requests: which entries a request reads or stores, and which response it gets. Pure functions of their arguments;
 * thread-safe.
 *
 * <p>Source: libp2p kad-dht specification, sections on RPC messages and entry validation.
 */
@NullMarked
package io.kad.core.server;

import org.jspecify.annotations.NullMarked;
