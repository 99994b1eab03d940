package io.kad.transport.netty.yamux;

import java.util.ArrayDeque;
import java.util.Queue;

/** The turns of the streams that have something to send: one frame each, while the connection is writable. */
final class WriteScheduler {

    private final FrameWriter writer;
    private final Queue<StreamOutbox> ready = new ArrayDeque<>();
    private boolean running;

    WriteScheduler(FrameWriter writer) {
        this.writer = writer;
    }

    /** Gives the stream a turn if it has something to send, and sends as much as goes now. */
    void schedule(StreamOutbox outbox) {
        enqueue(outbox);
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
                StreamOutbox next = ready.poll();
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

    private void enqueue(StreamOutbox outbox) {
        if (!outbox.isQueued() && outbox.isReady()) {
            outbox.queued(true);
            ready.add(outbox);
        }
    }
}
