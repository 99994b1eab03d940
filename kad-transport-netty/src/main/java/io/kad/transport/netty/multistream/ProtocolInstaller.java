package io.kad.transport.netty.multistream;

import io.netty.channel.Channel;

/** The step that adds the handlers of a protocol to the end of a channel's pipeline. */
@FunctionalInterface
public interface ProtocolInstaller {

    /**
     * Adds the handlers, synchronously: what the remote sent behind the agreement is passed on as soon as this returns.
     *
     * <p>The channel may be active already, so a handler that acts first starts in {@code handlerAdded} if it is.
     *
     * @param channel where to; called on its event loop
     * @param protocol the chosen protocol
     */
    void install(Channel channel, String protocol);
}
