package io.kad.transport.netty.yamux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Frames as a remote peer writes and reads them, encoded independently of the code under test. */
final class Frames {

    static final int DATA = 0;
    static final int WINDOW_UPDATE = 1;
    static final int PING = 2;
    static final int GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    private Frames() {}

    /** A frame on the wire. */
    record Sent(int type, int flags, long stream, long length, String payload) {

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        @Override
        public String toString() {
            return switch (type) {
                        case DATA -> "data";
                        case WINDOW_UPDATE -> "update";
                        case PING -> "ping";
                        default -> "goaway";
                    }
                    + (has(SYN) ? "+syn" : "")
                    + (has(ACK) ? "+ack" : "")
                    + (has(FIN) ? "+fin" : "")
                    + (has(RST) ? "+rst" : "")
                    + " " + stream + " " + length;
        }
    }

    static byte[] header(int type, int flags, long stream, long length) {
        ByteBuf out = Unpooled.buffer(12);
        out.writeByte(0).writeByte(type).writeShort(flags);
        out.writeInt((int) stream).writeInt((int) length);
        return ByteBufUtil.getBytes(out);
    }

    static byte[] data(int flags, long stream, byte[] payload) {
        return join(header(DATA, flags, stream, payload.length), payload);
    }

    static byte[] data(int flags, long stream, String payload) {
        return data(flags, stream, payload.getBytes(ISO_8859_1));
    }

    static byte[] update(int flags, long stream, long delta) {
        return header(WINDOW_UPDATE, flags, stream, delta);
    }

    static byte[] ping(int flags, long value) {
        return header(PING, flags, 0, value);
    }

    static byte[] goAway(long code) {
        return header(GO_AWAY, 0, 0, code);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Parses whole frames. */
    static List<Sent> parse(byte[] bytes) {
        List<Sent> frames = new ArrayList<>();
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        while (in.isReadable()) {
            in.skipBytes(1);
            int type = in.readByte();
            int flags = in.readUnsignedShort();
            long stream = in.readUnsignedInt();
            long length = in.readUnsignedInt();
            int size = type == DATA ? (int) length : 0;
            String payload = in.readCharSequence(size, ISO_8859_1).toString();
            frames.add(new Sent(type, flags, stream, length, payload));
        }
        return frames;
    }
}
