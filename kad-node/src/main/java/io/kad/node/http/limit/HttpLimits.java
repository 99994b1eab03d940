package io.kad.node.http.limit;

import java.time.Duration;

/**
 * Limits on what a client can make the server do and store.
 *
 * @param connections open connections; further ones are closed. If too low, probes and a dashboard compete; if too high, idle ones cost memory
 * @param running requests whose handlers run, without probes; further ones are refused with 503
 * @param queries of them those that wait for the network, less than {@code running}, so that metrics and the state of the node find room
 * @param bodyBytes bytes of all request bodies that are received at a time; beyond it, 503
 * @param responseBytes bytes of all whole answers that wait for their clients; further ones are refused with 503. If too low, a few slow clients keep the
 *     others from large answers; if too high, they take the memory of the node
 * @param streamBytes unsent bytes of a streamed answer, whose reader is too slow beyond it: its connection is closed, or lines of a command are
 *     left out and counted
 * @param requestTimeout time until the head of the first request of a connection, and until a body, is complete
 * @param idleTimeout time that a connection waits for a further request
 * @param writeTimeout time without progress of unsent bytes, after which a connection is closed
 * @param closeTimeout time that running handlers have when the server closes
 */
public record HttpLimits(
        int connections,
        int running,
        int queries,
        int bodyBytes,
        int responseBytes,
        int streamBytes,
        Duration requestTimeout,
        Duration idleTimeout,
        Duration writeTimeout,
        Duration closeTimeout) {

    /** Bytes of a request line; of the headers of a request together. Source: the defaults of common servers. */
    public static final int HEAD_BYTES = 8 * 1024;

    /** Bytes of an answer that counts towards no limit, so that refusals and health always reach their clients. Source: kad's choice. */
    public static final int SMALL_RESPONSE_BYTES = 4 * 1024;

    /** Limits of the program. Source: kad's choice. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            256,
            64,
            48,
            32 << 20,
            64 << 20,
            1 << 20,
            Duration.ofSeconds(20),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2));
}
