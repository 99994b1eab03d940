package io.kad.transport.netty.yamux;

import io.kad.transport.netty.yamux.frame.FrameWriter;
import java.util.ArrayDeque;
import java.util.Queue;

/** The turns of the streams that have something to send: one frame each, while the connection is writable. */
final class WriteScheduler {

    private final FrameWriter writer;
    private final Queue<StreamSendBuffer> ready = new ArrayDeque<>();
    private boolean running;

    WriteScheduler(FrameWriter writer) {
        this.writer = writer;
    }

    /** Gives the stream a turn if it has something to send, and sends as much as goes now. */
    void schedule(StreamSendBuffer sendBuffer) {
        enqueue(sendBuffer);
        run();
    }

    /** Sends as much as goes now. */
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
                next.queued(false);
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
            sendBuffer.queued(true);
            ready.add(sendBuffer);
        }
    }
}
