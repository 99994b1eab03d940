/**
 * Load generator for servers of the Kademlia protocol, of any implementation of libp2p, in another process: over TCP with Noise or TLS, or over
 * QUIC.
 *
 * <p>The client is {@code NettyTransport}, one for each connection, so that each connection has an identity of its own. Requests are sent in a
 * closed loop, a number of them in flight, or in an open loop, at a rate that does not depend on the responses.
 *
 * <p>Threading: requests and their results run on the event loops of the transport; an open loop sends on the thread that runs it.
 */
@NullMarked
package io.kad.bench.load;

import org.jspecify.annotations.NullMarked;
