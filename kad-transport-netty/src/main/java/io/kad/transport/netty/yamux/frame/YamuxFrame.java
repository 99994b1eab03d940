package io.kad.transport.netty.yamux.frame;

import io.netty.buffer.ByteBuf;

/**
 * The 12-byte header of a frame, without the payload that follows it in a data frame.
 *
 * @param flags a set of {@link YamuxFlags}; unknown bits are kept and have no meaning
 * @param streamId 0 for the connection as a whole, otherwise the unsigned 32-bit number of a stream
 * @param length an unsigned 32-bit number whose meaning depends on the type
 */
public record YamuxFrame(YamuxFrameType type, int flags, int streamId, long length) {

    static final int HEADER_SIZE = 12;
    public static final long MAX_LENGTH = 0xffff_ffffL;
    private static final int VERSION = 0;

    public YamuxFrame {
        if (flags < 0 || flags > 0xffff) {
            throw new IllegalArgumentException("flags: " + flags);
        }
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("length: " + length);
        }
    }

    /**
     * Reads one header.
     *
     * @throws YamuxConnectionException if the version or the type is unknown
     */
    static YamuxFrame readFrom(ByteBuf in) throws YamuxConnectionException {
        int version = in.readUnsignedByte();
        if (version != VERSION) {
            throw YamuxConnectionException.protocolError("unknown version " + version);
        }
        int code = in.readUnsignedByte();
        YamuxFrameType type = YamuxFrameType.of(code);
        if (type == null) {
            throw YamuxConnectionException.protocolError("unknown frame type " + code);
        }
        return new YamuxFrame(type, in.readUnsignedShort(), in.readInt(), in.readUnsignedInt());
    }

    void writeTo(ByteBuf out) {
        out.writeByte(VERSION)
                .writeByte(type.code())
                .writeShort(flags)
                .writeInt(streamId)
                .writeInt((int) length);
    }

    public boolean has(int flag) {
        return YamuxFlags.has(flags, flag);
    }
}
