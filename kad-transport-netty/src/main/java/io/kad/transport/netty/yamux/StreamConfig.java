package io.kad.transport.netty.yamux;

import io.netty.channel.DefaultChannelConfig;

/** The options of a stream: Netty's own, with the allocator of the connection. */
final class StreamConfig extends DefaultChannelConfig {

    private final YamuxStreamChannel stream;

    StreamConfig(YamuxStreamChannel stream) {
        super(stream);
        this.stream = stream;
        setAllocator(stream.parent().alloc());
    }

    @Override
    protected void autoReadCleared() {
        stream.onLoop(() -> stream.receiveBuffer().cancelRead());
    }
}
