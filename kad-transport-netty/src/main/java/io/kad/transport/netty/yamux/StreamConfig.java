package io.kad.transport.netty.yamux;

import io.netty.channel.DefaultChannelConfig;

/** Channel configuration of a stream: the defaults of Netty, with the allocator of the connection. */
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
