package io.kad.transport.netty.yamux;

import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Channel configuration of a stream: the defaults of Netty, with the allocator of the connection. */
final class StreamConfig extends DefaultChannelConfig {

    /** Netty asks each channel for one; a stream gets its buffers from its connection, so none has a state of its own. */
    private static final RecvByteBufAllocator UNUSED = new FixedRecvByteBufAllocator(1024);

    private final YamuxStreamChannel stream;

    StreamConfig(YamuxStreamChannel stream) {
        super(stream, UNUSED);
        this.stream = stream;
        setAllocator(stream.parent().alloc());
    }

    @Override
    protected void autoReadCleared() {
        stream.onLoop(() -> stream.receiveBuffer().cancelRead());
    }
}
