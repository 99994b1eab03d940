package io.kad.transport.netty.ws;

/** Limits of a connection over WebSocket. Source: kad's choice, above what rust-libp2p, go-libp2p and js-libp2p send. */
final class WebSocketLimits {

    /** Characters of the first line of a request or response. */
    static final int MAX_FIRST_LINE = 4096;
    /** Bytes of all headers of a request or response. */
    static final int MAX_HEADERS = 8192;
    /** Received bytes of a connection, with those of TLS, until its upgrade has ended. */
    static final int MAX_HANDSHAKE_BYTES = 128 * 1024;
    /** Bytes of one frame, and of the frames of one message. */
    static final int MAX_MESSAGE_BYTES = 16 << 20;
    /** Bytes of a ping, pong or close frame. RFC 6455, section 5.5. */
    static final int MAX_CONTROL_BYTES = 125;
    /** Frames without data, which are pings, pongs and empty ones, in a minute. */
    static final int MAX_EMPTY_FRAMES_PER_MINUTE = 1024;
    /** Time that a close waits until the socket has taken the frame that says so. */
    static final int CLOSE_TIMEOUT_MILLIS = 100;

    private WebSocketLimits() {}
}
