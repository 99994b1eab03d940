package io.kad.transport.netty.yamux;

import io.kad.transport.netty.muxer.MuxerException;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pipeline of a stream; an unhandled exception closes the stream only. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the connection, which reports it
final class StreamPipeline extends DefaultChannelPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(StreamPipeline.class);

    private final YamuxStreamChannel stream;

    StreamPipeline(YamuxStreamChannel stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    protected void incrementPendingOutboundBytes(long size) {
        stream.writability().addPendingBytes(size);
    }

    @Override
    protected void decrementPendingOutboundBytes(long size) {
        stream.writability().removePendingBytes(size);
    }

    @Override
    protected void onUnhandledInboundException(Throwable cause) {
        try {
            if (cause instanceof MuxerException) {
                LOG.debug("stream {} failed: {}", stream, cause.getMessage());
            } else {
                LOG.warn("reset stream {} after an unhandled exception", stream, cause);
                stream.close();
            }
        } finally {
            ReferenceCountUtil.release(cause);
        }
    }
}
