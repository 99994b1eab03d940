package io.kad.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A TCP connection to a peer by something that is no peer. */
final class RawConnection implements AutoCloseable {

    private static final int CLOSED_WITHIN_MILLIS = 60_000;

    private final Socket socket;

    RawConnection(PeerProcess peer) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), peer.port());
        socket.setSoTimeout(CLOSED_WITHIN_MILLIS);
    }

    /** Writes all, unless the peer closes before. */
    void write(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|closed|aborted).*");
        }
    }

    /** Waits until the peer ends the connection; a timeout fails. */
    void awaitEnd() throws IOException {
        byte[] ignored = new byte[1024];
        try {
            while (socket.getInputStream().read(ignored) >= 0) {
                // what it says on the way does not matter
            }
        } catch (SocketException closed) {
            assertThat(closed).hasMessageMatching("(?i).*(reset|broken pipe|closed|aborted).*");
        }
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
