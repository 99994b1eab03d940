package io.kad.wire.key;

import org.bouncycastle.crypto.CryptoServicesRegistrar;

/**
 * Initialization of BouncyCastle on a thread that ends. It leaves values of thread-locals behind, which on a thread of a user would keep the class
 * loader of the application for as long as that thread lives.
 */
final class BouncyCastle {

    static {
        Thread thread = new Thread(CryptoServicesRegistrar::getServicesConstraints, "kad-keys");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the library is initialized here, if it is not yet
        }
    }

    private BouncyCastle() {}

    /** Initializes the library unless that was done; called before its first use. */
    static void initialize() {
        // the static initializer has done so
    }
}
