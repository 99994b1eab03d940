package io.kad.transport.netty.hostile;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Socket that sends requests and frames as a test writes them. */
final class RawHttp implements AutoCloseable {

    static final String GOOD = """
            GET / HTTP/1.1
            Host: h
            Upgrade: websocket
            Connection: keep-alive, Upgrade
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """;

    private final Socket socket;
    private final DataInputStream in;

    RawHttp(InetSocketAddress address) throws IOException {
        socket = new Socket();
        socket.connect(address);
        socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
        in = new DataInputStream(socket.getInputStream());
    }

    /** Sends text whose lines end as those of HTTP do. */
    void send(String text) throws IOException {
        send(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Sends a frame whose mask is zero. */
    void frame(int first, byte[] content) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (content.length < 126) {
            frame.write(0x80 | content.length);
        } else {
            frame.writeBytes(new byte[] {(byte) 0xfe, (byte) (content.length >> 8), (byte) content.length});
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(content);
        send(frame.toByteArray());
    }

    /** Reads the head of a response, and returns its first line and headers. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Does a handshake. */
    RawHttp open() throws IOException {
        send(GOOD);
        String head = head();
        if (!head.startsWith("HTTP/1.1 101 ")
                || !head.toLowerCase(Locale.ROOT).contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=")) {
            throw new AssertionError(head);
        }
        return this;
    }

    /** Reads a frame, and returns its first byte and its content. */
    byte[] readFrame() throws IOException {
        int first = in.readUnsignedByte();
        byte[] frame = new byte[1 + in.readUnsignedByte()];
        frame[0] = (byte) first;
        in.readFully(frame, 1, frame.length - 1);
        return frame;
    }

    /** Waits until the other side has closed the connection; returns what it has sent before. */
    byte[] awaitEnd() throws IOException {
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
