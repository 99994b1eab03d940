package io.kad.transport.netty.multistream;

import io.netty.channel.Channel;

/** Installer of the handlers of a protocol at the end of a pipeline. */
@FunctionalInterface
public interface ProtocolInstaller {

    /**
     * Adds the handlers synchronously: received bytes are passed to them as soon as this returns.
     *
     * <p>The channel may be active already, so a handler that sends first must start in {@code handlerAdded} in that
     * case.
     *
     * @param channel the channel to change; called on its event loop
     * @param protocol the agreed protocol ID
     */
    void install(Channel channel, String protocol);
}
