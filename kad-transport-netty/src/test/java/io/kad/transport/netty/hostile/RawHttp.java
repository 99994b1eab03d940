package io.kad.transport.netty.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Socket that sends requests and frames as a test writes them. */
final class RawHttp implements AutoCloseable {

    private final Socket socket;
    private final HandMadeWebSocket webSocket;

    RawHttp(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
        webSocket = new HandMadeWebSocket(socket);
    }

    /** Sends text whose lines end as those of HTTP do. */
    void send(String text) throws IOException {
        send(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a frame. */
    void frame(int first, byte[] content) throws IOException {
        send(HandMadeWebSocket.frame(first, content));
    }

    /** Reads the head of a response, and returns its first line and headers. */
    String head() throws IOException {
        return webSocket.readHead();
    }

    /** Does a handshake. */
    RawHttp open() throws IOException {
        webSocket.upgrade();
        return this;
    }

    /** Reads a frame, and returns its first byte and its content. */
    byte[] readFrame() throws IOException {
        return webSocket.readFrame();
    }

    /** Waits until the other side has closed the connection; returns what it has sent before. */
    byte[] awaitEnd() throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        try {
            for (int size = in.read(buffer); size >= 0; size = in.read(buffer)) {
                rest.writeBytes(Arrays.copyOf(buffer, size));
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("still open", e);
        } catch (IOException reset) {
            // has ended, too
        }
        return rest.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
