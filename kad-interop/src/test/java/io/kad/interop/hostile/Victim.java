package io.kad.interop.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who has no part in the network, and counts who connects. */
final class Victim implements Closeable {

    private final ServerSocket listener;
    private final AtomicInteger accepted = new AtomicInteger();

    /** Starts one at the loopback address. */
    Victim() throws IOException {
        this(InetAddress.getLoopbackAddress());
    }

    /** Returns one at each address of the loopback network. */
    static Victim everywhere() throws IOException {
        return new Victim(InetAddress.getByAddress(new byte[4]));
    }

    private Victim(InetAddress address) throws IOException {
        listener = new ServerSocket(0, 1000, address);
        Thread thread = new Thread(this::accept, "victim");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                listener.accept().close();
                accepted.incrementAndGet();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
