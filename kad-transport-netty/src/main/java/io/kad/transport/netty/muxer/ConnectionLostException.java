package io.kad.transport.netty.muxer;

/**
 * End of a connection with all its streams: it was lost, or closed by either peer. A retry on another connection is safe for idempotent requests.
 */
public non-sealed class ConnectionLostException extends MuxerException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param reason what ended the connection
     * @param code code with which one peer closed it, an unsigned 32-bit number
     */
    public ConnectionLostException(String reason, long code) {
        super(reason, code);
    }
}
