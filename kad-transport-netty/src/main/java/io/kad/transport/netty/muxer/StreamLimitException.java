package io.kad.transport.netty.muxer;

/** Limit of the local peer that a stream, or the open of one, exceeds; its connection continues. A later retry may succeed. */
public final class StreamLimitException extends MuxerException {

    private static final long serialVersionUID = 1L;

    /** Creates the failure; the message names the limit. */
    public StreamLimitException(String message) {
        super(message, ErrorCode.RESOURCE_LIMIT);
    }
}
