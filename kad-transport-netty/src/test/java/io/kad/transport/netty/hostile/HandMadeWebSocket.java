package io.kad.transport.netty.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.regex.Pattern;

/** Dialer of a WebSocket, written by hand: one frame for each write. */
public final class HandMadeWebSocket {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;

    /** Bit of the last frame of a message. */
    public static final int LAST = 0x80;

    /** Request that asks for a WebSocket, without the empty line at its end. The key is that of RFC 6455, section 1.3. */
    public static final String REQUEST = """
            GET / HTTP/1.1\r
            Host: node\r
            Upgrade: websocket\r
            Connection: keep-alive, Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            """;

    private static final int MASK = 0x80;
    private static final byte[] KEY = {(byte) 0x81, 0x42, (byte) 0xa3, (byte) 0xc7};

    /** Header that answers the key of {@link #REQUEST}. */
    private static final Pattern ACCEPT =
            Pattern.compile("\r\n(?i:Sec-WebSocket-Accept):[ \t]*s3pPLMBiTxaQ9kYGzzhZRbK\\+xOo=[ \t]*\r\n");

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
        String answer = readHead();
        if (!answer.startsWith("HTTP/1.1 101 ") || !ACCEPT.matcher(answer).find()) {
            throw new IOException("no upgrade: " + answer);
        }
    }

    /** Reads the head of a response, and returns its first line and headers. */
    String readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    /** Reads a frame, and returns its first byte and its content. */
    byte[] readFrame() throws IOException {
        Header header = readHeader();
        byte[] content = new byte[(int) header.length()];
        in.readFully(content);
        return HandMadeNoise.join(new byte[] {(byte) header.first()}, content);
    }

    /** Returns a masked frame, whose length is in the form that its size needs. */
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
            Header header = readHeader();
            int opcode = header.first() & 0xf;
            if (opcode == CLOSE) {
                throw new IOException("WebSocket closed by the other side");
            }
            if (opcode <= BINARY) {
                return header.length();
            }
            in.skipNBytes(header.length());
        }
    }

    /** First byte of a received frame, and the length of its content. */
    private record Header(int first, long length) {}

    private Header readHeader() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        return new Header(first, length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length);
    }
}
