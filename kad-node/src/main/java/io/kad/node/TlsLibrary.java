package io.kad.node;

import io.netty.handler.ssl.OpenSsl;
import org.slf4j.LoggerFactory;

/**
 * Library of TLS that is loaded while a command makes its peer: it takes a fifth of the time of a short command.
 *
 * <p>It must be closed before the process ends: Netty removes the file from which it has loaded the library only after that.
 */
final class TlsLibrary implements AutoCloseable {

    private final Thread loading = new Thread(OpenSsl::isAvailable, "kad-load");

    private TlsLibrary() {}

    /** Begins to load the library, and returns at once. */
    static TlsLibrary load() {
        // Netty logs while it loads: what another thread logs while the logger is made comes late, with a warning
        LoggerFactory.getILoggerFactory();
        TlsLibrary library = new TlsLibrary();
        library.loading.start();
        return library;
    }

    /** Waits until the library is loaded. */
    @Override
    public void close() {
        boolean isInterrupted = false;
        while (loading.isAlive()) {
            try {
                loading.join();
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
