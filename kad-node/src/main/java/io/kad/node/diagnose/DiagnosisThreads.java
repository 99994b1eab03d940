package io.kad.node.diagnose;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads of one diagnosis for the steps that wait: for a socket, a disk, or a probe that closes. They are no threads of the application or of a peer. */
final class DiagnosisThreads {

    /** Beginning of the names of the threads. */
    static final String NAME = "kad-diagnose-";

    /** Steps that wait at a time. Source: kad's choice. */
    static final int MAX = 8;

    private static final long IDLE_SECONDS = 1;

    private DiagnosisThreads() {}

    /**
     * Returns the threads of a diagnosis, none of which is started. Its queue has no limit of its own: a diagnosis has few steps, two for each
     * bootstrap peer, of which the user has named each, one for each of {@link ListenerCheck#MAX_DIALLED} listeners, and one at the end.
     */
    static ThreadPoolExecutor create() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(MAX, MAX, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, NAME + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
