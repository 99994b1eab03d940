package io.kad.transport.netty.support;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Thread that serves sockets of a test, and ends with them. */
public final class SocketThread {

    private SocketThread() {}

    /** What a thread does until a socket is closed. */
    public interface Task {

        /** Called on the thread. */
        void run() throws IOException;
    }

    /** Starts a thread, which keeps no JVM alive. */
    public static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException | UncheckedIOException ended) {
                // a socket was closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
