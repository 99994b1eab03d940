package io.kad.transport.netty;

import java.time.Duration;

/** What bounds a transport, beside its configuration; each limit with its reason. */
public final class TransportLimits {

    /** Connections that are accepted but not yet upgraded; go accepts 32 and more, scaled by memory. */
    public static final int MAX_PENDING_INBOUND = 128;
    /** Inbound connections of one IPv4 address or IPv6 /56, loopback excepted; as in go. */
    public static final int MAX_INBOUND_PER_HOST = 8;
    /** Addresses of one peer that are tried for one dial. */
    public static final int MAX_DIALLED_ADDRESSES = 10;
    /** Addresses of one peer that are tried at once. */
    public static final int MAX_PARALLEL_ATTEMPTS = 3;
    /** Dials to different peers that run at once; as in go. */
    public static final int MAX_DIALS = 160;
    /** Dials that wait for their turn. */
    public static final int MAX_WAITING_DIALS = 4096;
    /** How long after one attempt the next address is tried; as in go. */
    public static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);
    /** How long a connection may take to be established; as in go. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Requests that run at once on one connection; rust serves 32. */
    public static final int MAX_REQUESTS_PER_CONNECTION = 32;
    /** Requests that wait for their turn on one connection. */
    public static final int MAX_WAITING_REQUESTS = 1024;
    /** Kad streams that a peer may have open on one connection. */
    public static final int MAX_INBOUND_KAD_STREAMS = 64;
    /** Ping streams that a peer may have open on one connection; rust opens one, js one more. */
    public static final int MAX_INBOUND_PING_STREAMS = 2;
    /** Identify streams that a peer may have open on one connection; go opens up to 16 a peer. */
    public static final int MAX_INBOUND_IDENTIFY_STREAMS = 8;
    /** How long a peer has to say who it is; as in go and js. */
    public static final Duration IDENTIFY_TIMEOUT = Duration.ofSeconds(5);
    /** How long a change of our own waits for further ones before it is pushed. */
    public static final Duration PUSH_DELAY = Duration.ofMillis(500);
    /** How long closing waits for connections to end. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private TransportLimits() {}
}
