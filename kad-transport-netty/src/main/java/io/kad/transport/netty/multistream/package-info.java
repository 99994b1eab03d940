/**
 * Multistream-select 1.0: agreement of two peers on the protocol of a connection or a stream.
 *
 * <p>{@link io.kad.transport.netty.multistream.MultistreamDialer} proposes, {@link
 * io.kad.transport.netty.multistream.MultistreamResponder} accepts or refuses. Both are Netty handlers for one
 * negotiation, for raw connections and streams. When the negotiation is complete they have left the pipeline and passed
 * all later bytes to the handlers of the agreed protocol.
 *
 * <p>Threading: confined to the event loop of the channel.
 *
 * @see <a href="https://github.com/multiformats/multistream-select">multistream-select</a>
 */
@NullMarked
package io.kad.transport.netty.multistream;

import org.jspecify.annotations.NullMarked;
