package io.kad.tck.support;

import io.kad.api.id.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** TCP listener on the loopback address that accepts connections and never sends. Thread-safe. */
public final class SilentListener implements SilentPeer {

    private final ServerSocket listener;
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    /** Starts to listen on a free port. */
    public SilentListener() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "silent-listener");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private void accept() {
        try {
            while (true) {
                accepted.add(listener.accept());
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void closeAll() {
        for (Socket socket : accepted) {
            try {
                socket.close();
            } catch (IOException e) {
                // the remote end may have closed the connection
            }
        }
    }

    @Override
    public Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + listener.getLocalPort());
    }

    @Override
    public int connections() {
        return accepted.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // the listener is closed in any case
        }
        closeAll();
    }
}
