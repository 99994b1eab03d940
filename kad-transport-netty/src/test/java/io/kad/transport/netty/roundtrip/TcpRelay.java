package io.kad.transport.netty.roundtrip;

import io.kad.api.id.Multiaddr;
import io.kad.transport.netty.hostile.Proxy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Relay of one TCP connection, which it accepts at once. It holds what the listener sends from the third flight of the dialer on. */
final class TcpRelay implements Relay {

    private final DialerFlights flights = new DialerFlights();
    private final Valve answers = new Valve(this::answer);
    private final Proxy proxy;
    private volatile OutputStream dialer;
    private boolean thirdHasBegun;

    TcpRelay(InetSocketAddress listener) throws IOException {
        proxy = new Proxy(listener, this::onRequest, this::onAnswer);
    }

    private void onRequest(byte[] bytes, OutputStream listener) throws IOException {
        flights.add(bytes);
        if (!thirdHasBegun && flights.hasThirdBegun()) {
            thirdHasBegun = true;
            answers.close(); // before the listener gets any of it
        }
        listener.write(bytes);
    }

    private void onAnswer(byte[] bytes, OutputStream out) {
        dialer = out;
        answers.pass(bytes);
    }

    private void answer(byte[] bytes) {
        try {
            dialer.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Multiaddr address() {
        return proxy.address();
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
            proxy.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
