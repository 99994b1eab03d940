package io.kad.node.http;

import io.kad.api.id.Bytes;
import io.kad.node.http.limit.HttpLimits;
import java.util.concurrent.CompletableFuture;

/** Streamed answer, chunk by chunk. Thread-safe; no method blocks. */
public interface ResponseStream {

    /**
     * Writes a chunk. If more than {@link HttpLimits#streamBytes} wait for the client then, it is too slow, and its connection is closed; whoever
     * waits for the future before the next chunk never comes to that.
     *
     * @return completes when the chunk has left; fails if the client is gone
     */
    CompletableFuture<Void> write(Bytes chunk);

    /** Returns whether {@code chunk} can be written now without ever coming to that; for a client that is gone it is true. */
    boolean hasRoom(Bytes chunk);

    /** Returns whether {@code chunk} can be written now and half of the room stays free; for a client that is gone it is true. */
    boolean hasRoomForMore(Bytes chunk);

    /** Counts that this answer has reached the limit, for whoever leaves something out instead of closing the connection. */
    void countLimit();

    /** Ends the answer; later calls have no effect. */
    void end();

    /** Ends the connection without the end of the answer, so that the client sees that it is incomplete. */
    void abort();
}
