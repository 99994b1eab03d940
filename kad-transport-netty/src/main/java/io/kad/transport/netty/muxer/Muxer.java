package io.kad.transport.netty.muxer;

import io.kad.transport.netty.limit.ConnectionBudget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/** Protocol that makes a {@link MuxedConnection} of a secured connection, and that both peers agree on by its name. Thread-safe. */
public interface Muxer {

    /** Returns the protocol ID, such as {@code /yamux/1.0.0}. */
    String protocol();

    /** Returns the name for people, such as {@code yamux}. */
    String name();

    /**
     * Installs the handlers of the muxer at the end of the pipeline. Called on the event loop of the channel; bytes of the remote peer may be
     * delivered as soon as the caller returns to it.
     *
     * @param secured channel whose pipeline decrypts
     * @param dialled whether the local peer dialled
     * @param inbound first handler of each inbound stream; sharable
     * @param budget what the connection may hold
     */
    MuxedConnection install(Channel secured, boolean dialled, ChannelHandler inbound, ConnectionBudget budget);
}
