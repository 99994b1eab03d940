package io.kad.transport.netty;

import io.kad.api.id.PeerId;
import io.netty.channel.ChannelHandler;

/**
 * Protocol of an application on streams, beside the Kademlia protocol and on the same connections. It is passed to a {@link NettyTransport}, which
 * serves it in every mode and lists it in identify. {@link NettyTransport#openStream} opens a stream of it to another peer.
 *
 * <p>A stream is a Netty channel of {@code ByteBuf}s with a pipeline of its own, whichever transport and muxer carry it; {@link
 * io.kad.transport.netty.muxer.MuxedStream} says how it ends, and how the local peer ends it. The protocol is agreed on before the handler is added.
 *
 * <p>What the remote peer sends is bounded by the receive window of the stream, as long as it is not read: a handler that can't keep up switches
 * {@code autoRead} off. What the local peer sends is bounded too: a handler that sends much waits while the channel is not writable, as a write
 * beyond the limits fails with a {@link io.kad.transport.netty.muxer.StreamLimitException}. The handler must limit the time of its streams, as no
 * idle one is closed.
 *
 * <p>Thread-safe; each handler is confined to the event loop of its connection, and must not block it.
 */
public interface StreamProtocol {

    /** Largest length of a protocol ID, in characters. */
    int MAX_ID_LENGTH = 256;

    /** Returns the protocol ID, such as {@code /chat/1.0.0}: a slash, then visible ASCII characters, 2 to 256 in all. Always the same one. */
    String id();

    /** Returns how many inbound streams of one connection may be open, at least 1; a further one is reset. Default: 32 (js-libp2p). */
    default int maxInboundStreams() {
        return 32;
    }

    /**
     * Returns the first handler of a new inbound stream. If this throws, the stream is reset.
     *
     * @param remote the authenticated remote peer
     */
    ChannelHandler handler(PeerId remote);
}
