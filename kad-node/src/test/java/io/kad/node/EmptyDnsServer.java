package io.kad.node;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** DNS server on a UDP port of the loopback interface that says of each name that it does not exist. */
final class EmptyDnsServer implements AutoCloseable {

    private static final int MAX_BYTES = 4096;
    /** Offset of the flags in a message, and those of the answer: a response to a recursive query, and the code NXDOMAIN. */
    private static final int FLAGS = 2;

    private static final byte RESPONSE = (byte) 0x81;
    private static final byte NAME_ERROR = (byte) 0x83;

    private final DatagramSocket socket;

    EmptyDnsServer() throws IOException {
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread serving = new Thread(this::serve, "empty-dns-server");
        serving.setDaemon(true);
        serving.start();
    }

    private void serve() {
        DatagramPacket message = new DatagramPacket(new byte[MAX_BYTES], MAX_BYTES);
        while (true) {
            try {
                message.setLength(MAX_BYTES);
                socket.receive(message);
                message.getData()[FLAGS] = RESPONSE;
                message.getData()[FLAGS + 1] = NAME_ERROR;
                socket.send(message);
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Returns the address as the option {@code resolver} takes it. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() {
        socket.close();
    }
}
