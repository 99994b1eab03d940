package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;

/**
 * Header of a frame, 12 bytes; the payload of a data frame follows it.
 *
 * @param type type of the frame
 * @param flags set of {@link YamuxFlags}, 16 bits; unknown bits are preserved and ignored
 * @param streamId unsigned 32-bit stream ID; 0 for the connection
 * @param length unsigned 32-bit number whose meaning depends on the type
 */
public record YamuxHeader(YamuxFrameType type, int flags, int streamId, long length) {

    static final int HEADER_SIZE = 12;
    /** Largest length field. */
    public static final long MAX_LENGTH = 0xffff_ffffL;

    private static final int VERSION = 0;

    public YamuxHeader {
        if (flags < 0 || flags > 0xffff) {
            throw new IllegalArgumentException("flags must be between 0 and 65535, got " + flags);
        }
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("length must be between 0 and " + MAX_LENGTH + ", got " + length);
        }
    }

    /**
     * Reads one header.
     *
     * @throws YamuxConnectionException if the version or the type is unknown
     */
    static YamuxHeader readFrom(ByteBuf in) throws YamuxConnectionException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw YamuxConnectionException.protocolError("unknown version " + version);
        }
        int code = in.readUnsignedByte();
        YamuxFrameType type = YamuxFrameType.of(code);
        if (type == null) {
            throw YamuxConnectionException.protocolError("unknown frame type " + code);
        }
        return new YamuxHeader(type, in.readUnsignedShort(), in.readInt(), in.readUnsignedInt());
    }

    void writeTo(ByteBuf out) {
        out.writeByte(VERSION)
                .writeByte(type.code())
                .writeShort(flags)
                .writeInt(streamId)
                .writeInt((int) length);
    }

    /** Returns whether this frame has {@code flag}. */
    public boolean has(int flag) {
        return YamuxFlags.has(flags, flag);
    }
}
