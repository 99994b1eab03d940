package io.kad.transport.netty.roundtrip;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.support.SocketThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Relay of the datagrams of one QUIC connection. The listener gets the first flight of the dialer, which ends with the first datagram of the listener;
 * then nothing until the dialer takes its connection for open. From then on the relay holds what the listener sends.
 */
final class UdpRelay implements Relay {

    private static final int MAX_DATAGRAM = 65_535;

    private final DatagramSocket front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final SocketAddress listener;
    private final Valve requests;
    private final Valve answers;
    private volatile SocketAddress dialer;

    UdpRelay(InetSocketAddress listener) throws IOException {
        this.listener = listener;
        requests = new Valve(bytes -> send(back, bytes, this.listener));
        answers = new Valve(bytes -> send(front, bytes, dialer));
        start(front, packet -> {
            dialer = packet.getSocketAddress();
            requests.pass(content(packet));
        });
        boolean[] hasAnswered = {false};
        start(back, packet -> {
            if (!hasAnswered[0]) {
                hasAnswered[0] = true;
                requests.close(); // before the dialer gets the answer
            }
            answers.pass(content(packet));
        });
    }

    private static byte[] content(DatagramPacket packet) {
        return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    private static void send(DatagramSocket socket, byte[] bytes, SocketAddress to) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(DatagramSocket socket, Consumer<DatagramPacket> receiver) {
        SocketThread.start(() -> {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
                socket.receive(packet);
                receiver.accept(packet);
            }
        });
    }

    @Override
    public Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/udp/" + front.getLocalPort() + "/quic-v1");
    }

    @Override
    public void onDialerConnected() {
        answers.close(); // before the listener gets the second flight
        requests.open();
    }

    @Override
    public Valve answers() {
        return answers;
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
