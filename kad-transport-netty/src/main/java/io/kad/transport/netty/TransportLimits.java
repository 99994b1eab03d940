package io.kad.transport.netty;

import java.time.Duration;

/** Fixed limits of a transport, in addition to its configuration. */
public final class TransportLimits {

    /** Limit of the targets of one dial: its addresses, and those of their host names. */
    public static final int MAX_DIAL_TARGETS = 512;
    /** Limit of the attempts of one dial that are in flight. */
    public static final int MAX_PARALLEL_ATTEMPTS = 16;
    /** Limit of the IP addresses of one host name. */
    public static final int MAX_ADDRESSES_PER_NAME = 8;
    /** Limit of the peers that are dialled or wait for a dial. */
    public static final int MAX_QUEUED_DIALS = 4096;
    /** Delay before the next address is tried while an attempt is in flight; an attempt is late after it. As in go-libp2p, RFC 8305. */
    public static final Duration ATTEMPT_DELAY = Duration.ofMillis(250);
    /** Delay instead of that one while an attempt at a private address is in flight. As in go-libp2p. */
    public static final Duration PRIVATE_ATTEMPT_DELAY = Duration.ofMillis(30);
    /** Timeout of a TCP connection attempt. As in go-libp2p. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Limit of concurrent requests on one connection; rust-libp2p serves 32. */
    public static final int MAX_REQUESTS_PER_CONNECTION = 32;
    /** Limit of concurrent requests on a connection whose remote peer has not sent anything yet; js-libp2p aborts at more than 10 streams. */
    public static final int MAX_EARLY_REQUESTS_PER_CONNECTION = 8;
    /** Limit of queued requests on one connection. */
    public static final int MAX_QUEUED_REQUESTS = 1024;
    /** Limit of the bytes of queued large requests on one connection: 16 records of the largest size. */
    public static final long MAX_QUEUED_REQUEST_BYTES = 64L << 20;
    /** Limit of inbound ping streams on one connection; rust-libp2p opens one, js-libp2p one more. */
    public static final int MAX_INBOUND_PING_STREAMS = 2;
    /** Limit of inbound identify streams on one connection; go-libp2p opens up to 16 per peer. */
    public static final int MAX_INBOUND_IDENTIFY_STREAMS = 8;
    /** Limit of inbound identify push streams on one connection. */
    public static final int MAX_INBOUND_PUSH_STREAMS = 1;
    /** Limit of the signatures of cheap keys, and of those of costly ones, that wait to be checked, of all transports of a process. */
    public static final int MAX_WAITING_SIGNATURE_CHECKS = 1024;
    /** Timeout of identify. As in go-libp2p and js-libp2p. */
    public static final Duration IDENTIFY_TIMEOUT = Duration.ofSeconds(5);
    /** Delay before a change of the local peer is pushed, so that further changes share the push. */
    public static final Duration PUSH_DELAY = Duration.ofMillis(500);
    /** Time between two readings of the network interfaces, so that a new address is told, and a lost one dropped, within seconds. */
    public static final Duration INTERFACE_INTERVAL = Duration.ofSeconds(5);
    /** Time that closing a transport waits for its connections to close. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private TransportLimits() {}
}
