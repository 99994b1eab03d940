package io.kad.transport.netty.roundtrip;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** One direction of a relay: passes bytes on, or holds them. Thread-safe. */
final class Valve {

    /** More than a test sends. */
    private static final int MAX_HELD = 10_000;

    private final Consumer<byte[]> sink;
    private final Queue<byte[]> held = new ArrayDeque<>();
    private boolean closed;

    /** Creates an open one in front of {@code sink}. */
    Valve(Consumer<byte[]> sink) {
        this.sink = sink;
    }

    synchronized void pass(byte[] bytes) {
        if (!closed) {
            sink.accept(bytes);
        } else if (held.size() < MAX_HELD) {
            held.add(bytes);
        } else {
            throw new IllegalStateException("more is held than any test sends");
        }
    }

    /** Holds what comes from now on. */
    synchronized void close() {
        closed = true;
    }

    /** Passes on what is held, and what follows. */
    synchronized void open() {
        closed = false;
        for (byte[] bytes = held.poll(); bytes != null; bytes = held.poll()) {
            sink.accept(bytes);
        }
    }

    synchronized boolean isClosed() {
        return closed;
    }
}
