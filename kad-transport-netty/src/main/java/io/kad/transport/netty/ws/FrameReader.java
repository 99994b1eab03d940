package io.kad.transport.netty.ws;

import io.kad.transport.netty.upgrade.UpgradeException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reader of frames that passes their bytes on as they arrive, and holds nothing but an incomplete header or control frame: the decoder of Netty
 * would hold each frame until it is complete, which no budget counts. Pieces of binary messages become frames of their own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, framing</a>
 */
final class FrameReader extends ByteToMessageDecoder implements WebSocketFrameDecoder {

    private static final int CONTINUATION = 0;
    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;
    private static final int FIRST_BYTES = 2;

    /** Whether frames must be masked, as those of a dialer are; others must not. */
    private final boolean masked;
    /** Whether a message has begun whose last frame has not come. */
    private boolean inMessage;
    /** Bytes of that message. */
    private long messageBytes;
    /** Bytes of the present frame that are missing. */
    private long missing;

    private int mask;
    private boolean failed;
    /** Bytes of an incomplete header, copied: the buffer in which they came may be as large as a read of the socket. */
    private @Nullable ByteBuf partial;

    /**
     * Creates the reader of one connection.
     *
     * @param masked whether the remote peer is the dialer
     */
    FrameReader(boolean masked) {
        this.masked = masked;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object received) throws Exception {
        ByteBuf before = partial;
        partial = null;
        super.channelRead(ctx, before == null ? received : Unpooled.wrappedBuffer(before, (ByteBuf) received));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        ByteBuf before = partial;
        partial = null;
        if (before != null) {
            before.release();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws UpgradeException {
        if (failed) {
            in.skipBytes(in.readableBytes());
        } else if (missing > 0) {
            int size = (int) Math.min(missing, in.readableBytes());
            missing -= size;
            out.add(new BinaryWebSocketFrame(unmasked(in, size)));
        } else {
            decodeHeader(in, out);
            if (missing == 0 && in.isReadable() && out.isEmpty() && !failed) {
                partial = ctx.alloc().heapBuffer(in.readableBytes()).writeBytes(in);
            }
        }
    }

    private void decodeHeader(ByteBuf in, List<Object> out) throws UpgradeException {
        if (in.readableBytes() < FIRST_BYTES) {
            return;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        int opcode = first & OPCODE;
        int shortLength = second & LENGTH;
        check(opcode, first, second);
        int lengthBytes = shortLength == LENGTH_16 ? Short.BYTES : shortLength == LENGTH_64 ? Long.BYTES : 0;
        int headerBytes = FIRST_BYTES + lengthBytes + (masked ? Integer.BYTES : 0);
        if (in.readableBytes() < headerBytes + (opcode >= CLOSE ? shortLength : 0)) {
            return;
        }
        in.skipBytes(FIRST_BYTES);
        long length = switch (lengthBytes) {
            case Short.BYTES -> in.readUnsignedShort();
            case Long.BYTES -> in.readLong();
            default -> shortLength;
        };
        if (length >= 0 && length <= largestIn(lengthBytes)) {
            throw failure("a length in more bytes than it needs");
        }
        mask = masked ? in.readInt() : 0;
        if (opcode >= CLOSE) {
            out.add(control(opcode, unmasked(in, shortLength)));
        } else {
            begin(length, opcode, (first & FIN) != 0);
            if (length == 0) {
                out.add(new BinaryWebSocketFrame());
            }
        }
    }

    /** Returns the largest length that a shorter form than {@code lengthBytes} has; -1 if that is the shortest. */
    private static int largestIn(int lengthBytes) {
        return switch (lengthBytes) {
            case Short.BYTES -> LENGTH_16 - 1;
            case Long.BYTES -> 0xffff;
            default -> -1;
        };
    }

    private void check(int opcode, int first, int second) throws UpgradeException {
        if ((first & RESERVED) != 0) {
            throw failure("a frame with an extension, and none was agreed on");
        }
        if (masked != ((second & MASKED) != 0)) {
            throw failure(
                    masked ? "a frame of the dialer that is not masked" : "a frame of the listener that is masked");
        }
        switch (opcode) {
            case CONTINUATION -> {
                if (!inMessage) {
                    throw failure("a continuation without a message");
                }
            }
            case BINARY -> {
                if (inMessage) {
                    throw failure("a message within another one");
                }
            }
            case CLOSE, PING, PONG -> {
                if ((first & FIN) == 0 || (second & LENGTH) > WebSocketLimits.MAX_CONTROL_BYTES) {
                    throw failure("a control frame that is too long");
                }
            }
            case TEXT -> throw failure("a text message; libp2p has binary ones");
            default -> throw failure("a frame of the unknown kind " + opcode);
        }
    }

    private void begin(long length, int opcode, boolean last) throws UpgradeException {
        long before = opcode == CONTINUATION ? messageBytes : 0;
        if (length < 0 || length > WebSocketLimits.MAX_MESSAGE_BYTES - before) {
            failed = true;
            throw new UpgradeException(
                    UpgradeException.Reason.LIMIT,
                    "a WebSocket message exceeds the limit of " + WebSocketLimits.MAX_MESSAGE_BYTES + " bytes",
                    null);
        }
        messageBytes = before + length;
        inMessage = !last;
        missing = length;
    }

    private static Object control(int opcode, ByteBuf content) {
        return switch (opcode) {
            case PING -> new PingWebSocketFrame(content);
            case PONG -> new PongWebSocketFrame(content);
            default -> {
                content.release(); // its code is for people, and changes nothing
                yield new CloseWebSocketFrame();
            }
        };
    }

    /** Takes bytes of a frame, and removes the mask from them. */
    private ByteBuf unmasked(ByteBuf in, int size) {
        ByteBuf piece = in.readRetainedSlice(size);
        if (mask != 0) {
            int at = 0;
            for (; at + Integer.BYTES <= size; at += Integer.BYTES) {
                piece.setInt(at, piece.getInt(at) ^ mask);
            }
            for (; at < size; at++) {
                piece.setByte(at, piece.getByte(at) ^ (mask >>> 24));
                mask = Integer.rotateLeft(mask, Byte.SIZE);
            }
        }
        return piece;
    }

    private UpgradeException failure(String what) {
        failed = true;
        return new UpgradeException(UpgradeException.Reason.NEGOTIATION, "WebSocket: received " + what, null);
    }
}
