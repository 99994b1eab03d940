package io.kad.transport.netty.support;

import io.kad.transport.netty.muxer.MuxedConnection;
import io.kad.transport.netty.muxer.MuxedStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;

/** Connection of handlers that are tested on a channel without one: it is open as long as its channel, and opens no stream. */
public record TestMuxedConnection(Channel channel, boolean hasReceivedStreamFrame) implements MuxedConnection {

    /** Creates one whose remote peer has sent nothing. */
    public TestMuxedConnection(Channel channel) {
        this(channel, false);
    }

    @Override
    public Future<MuxedStream> openStream(ChannelHandler first) {
        return channel.eventLoop().newFailedFuture(new UnsupportedOperationException());
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public Optional<String> endReason() {
        return Optional.empty();
    }

    @Override
    public int streamCount() {
        return 0;
    }

    @Override
    public long openedStreamCount() {
        return 0;
    }

    @Override
    public void probe() {}

    @Override
    public Future<Void> close(long code) {
        return channel.close();
    }
}
