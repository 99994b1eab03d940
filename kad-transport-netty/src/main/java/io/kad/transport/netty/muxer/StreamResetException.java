package io.kad.transport.netty.muxer;

/**
 * Reset of one stream by the remote peer; the connection and its other streams continue. A retry on another stream is safe for idempotent
 * requests.
 */
public final class StreamResetException extends MuxerException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure for a reset.
     *
     * @param code code of the remote peer, an unsigned 32-bit number
     */
    public StreamResetException(long code) {
        super("stream reset by the remote peer, code " + code, code);
    }
}
