package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.FrameWriter;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Round-robin scheduler of the streams that are ready to send: one frame per turn, while the connection is writable.
 * Confined to the event loop of the connection.
 */
final class WriteScheduler {

    private final FrameWriter writer;
    private final Queue<StreamSendBuffer> ready = new ArrayDeque<>();
    private boolean running;

    WriteScheduler(FrameWriter writer) {
        this.writer = writer;
    }

    /** Queues the stream if it is ready, and sends as much as possible. */
    void schedule(StreamSendBuffer sendBuffer) {
        enqueue(sendBuffer);
        run();
    }

    /** Sends as much as possible. */
    void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            while (writer.isWritable()) {
                StreamSendBuffer next = ready.poll();
                if (next == null) {
                    break;
                }
                next.setQueued(false);
                if (next.isReady()) {
                    next.sendOne(writer);
                    enqueue(next);
                }
            }
        } finally {
            running = false;
        }
    }

    void clear() {
        ready.clear();
    }

    private void enqueue(StreamSendBuffer sendBuffer) {
        if (!sendBuffer.isQueued() && sendBuffer.isReady()) {
            sendBuffer.setQueued(true);
            ready.add(sendBuffer);
        }
    }
}
