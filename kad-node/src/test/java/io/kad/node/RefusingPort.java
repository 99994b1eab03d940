package io.kad.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** TCP port of the loopback interface that refuses connections: bound and not listening, so that no other process can listen there either. */
final class RefusingPort implements AutoCloseable {

    private final Socket bound = new Socket();

    RefusingPort() throws IOException {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int number() {
        return bound.getLocalPort();
    }

    /** Lets others listen there. */
    void release() throws IOException {
        bound.close();
    }

    @Override
    public void close() throws IOException {
        release();
    }
}
