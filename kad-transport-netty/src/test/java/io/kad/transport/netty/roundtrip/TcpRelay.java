package io.kad.transport.netty.roundtrip;

import io.kad.api.id.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.Consumer;

/** Relay of one TCP connection, which it accepts at once. It holds what the listener sends from the third flight of the dialer on. */
final class TcpRelay implements Relay {

    private final ServerSocket front;
    private final Socket back = new Socket();
    private final Valve answers;
    private volatile Socket dialer;

    TcpRelay(InetSocketAddress listener) throws IOException {
        front = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        back.setTcpNoDelay(true);
        back.connect(listener);
        answers = new Valve(bytes -> write(dialer, bytes));
        start(this::accept);
    }

    private void accept() throws IOException {
        Socket accepted = front.accept();
        accepted.setTcpNoDelay(true);
        dialer = accepted;
        start(() -> forward(back.getInputStream(), answers::pass));
        DialerFlights flights = new DialerFlights();
        boolean[] thirdHasBegun = {false};
        forward(accepted.getInputStream(), bytes -> {
            flights.add(bytes);
            if (!thirdHasBegun[0] && flights.hasThirdBegun()) {
                thirdHasBegun[0] = true;
                answers.close(); // before the listener gets any of it
            }
            write(back, bytes);
        });
    }

    private static void forward(InputStream in, Consumer<byte[]> sink) throws IOException {
        byte[] buffer = new byte[16 << 10];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            sink.accept(Arrays.copyOf(buffer, read));
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
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

    @Override
    public Multiaddr address() {
        return Multiaddr.parse("/ip4/127.0.0.1/tcp/" + front.getLocalPort());
    }

    @Override
    public void onDialerConnected() {
        // the flights of the dialer tell what is held
    }

    @Override
    public Valve answers() {
        return answers;
    }

    @Override
    public void close() {
        try {
            front.close();
            back.close();
            Socket accepted = dialer;
            if (accepted != null) {
                accepted.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
