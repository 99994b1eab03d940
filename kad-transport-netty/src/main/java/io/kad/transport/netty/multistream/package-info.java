/**
 * The multistream-select 1.0 protocol: how two peers agree on what a connection or a stream is used for.
 *
 * <p>{@link io.kad.transport.netty.multistream.MultistreamDialer} proposes,
 * {@link io.kad.transport.netty.multistream.MultistreamListener} accepts or refuses. Both are Netty handlers for one
 * negotiation, usable on a raw connection and in a stream alike; when it is over they have left the pipeline, and every byte
 * that came behind it has gone to the handlers of the chosen protocol. Everything runs on the channel's event loop.
 *
 * @see <a href="https://github.com/multiformats/multistream-select">multistream-select</a>
 */
@NullMarked
package io.kad.transport.netty.multistream;

import org.jspecify.annotations.NullMarked;
