package io.kad.transport.netty.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;

/** Dialer of a WebSocket, written by hand: one frame for each write. */
public final class HandMadeWebSocket {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;

    /** Bit of the last frame of a message. */
    public static final int LAST = 0x80;

    /** Request that asks for a WebSocket, without the empty line at its end. */
    public static final String REQUEST = """
            GET / HTTP/1.1\r
            Host: node\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;

    private static final int MASK = 0x80;
    private static final byte[] KEY = {1, 2, 3, 4};

    private final DataInputStream in;
    private final OutputStream out;

    /** Creates the side of a dialer. */
    public HandMadeWebSocket(Socket socket) throws IOException {
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** Asks for the upgrade, and reads the answer. */
    public void upgrade() throws IOException {
        out.write((REQUEST + "\r\n").getBytes(US_ASCII));
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        while (!answer.toString(US_ASCII).endsWith("\r\n\r\n")) {
            answer.write(in.readByte());
        }
        if (!answer.toString(US_ASCII).startsWith("HTTP/1.1 101 ")) {
            throw new IOException("no upgrade: " + answer.toString(US_ASCII));
        }
    }

    /** Returns a masked frame. */
    public static byte[] frame(int first, byte[] payload) {
        byte[] masked = payload.clone();
        for (int at = 0; at < masked.length; at++) {
            masked[at] ^= KEY[at % KEY.length];
        }
        return HandMadeNoise.join(header(first, MASK, payload.length), KEY, masked);
    }

    /** Returns a frame without a mask, which a dialer may not send. */
    public static byte[] unmasked(int first, byte[] payload) {
        return HandMadeNoise.join(header(first, 0, payload.length), payload);
    }

    /** Returns the header of a frame that declares {@code length}, without the key of its mask. */
    public static byte[] header(int first, int mask, long length) {
        if (length < 126) {
            return new byte[] {(byte) first, (byte) (mask | length)};
        }
        int size = length < 1 << 16 ? 2 : 8;
        byte[] header = new byte[2 + size];
        header[0] = (byte) first;
        header[1] = (byte) (mask | (size == 2 ? 126 : 127));
        for (int at = 0; at < size; at++) {
            header[2 + at] = (byte) (length >> (8 * (size - 1 - at)));
        }
        return header;
    }

    /** Returns a stream that sends each write as a frame. */
    OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(frame(LAST | BINARY, Arrays.copyOfRange(bytes, offset, offset + length)));
            }
        };
    }

    /** Returns the bytes of the received frames. */
    InputStream in() {
        return new InputStream() {

            private long left;

            @Override
            public int read() throws IOException {
                byte[] single = new byte[1];
                return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                while (left == 0) {
                    left = nextData();
                }
                int read = in.read(bytes, offset, (int) Math.min(length, left));
                left -= Math.max(0, read);
                return read;
            }
        };
    }

    /** Reads the header of the next frame with data, past the others; returns its length. */
    private long nextData() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0xf;
            int length = in.readUnsignedByte();
            long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
            if (opcode == CLOSE) {
                throw new IOException("WebSocket closed by the other side");
            }
            if (opcode <= BINARY) {
                return size;
            }
            in.skipNBytes(size);
        }
    }
}
