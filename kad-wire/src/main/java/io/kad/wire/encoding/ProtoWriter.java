package io.kad.wire.encoding;

import io.kad.api.id.Bytes;
import io.kad.api.id.UnsignedVarint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A protobuf message that grows field by field, in the order in which they are written. */
public final class ProtoWriter {

    private static final int MAX_VARINT64_BYTES = 10;

    private byte[] buffer;
    private int size;

    public ProtoWriter(int expectedSize) {
        buffer = new byte[expectedSize];
    }

    public static int varintSize(int field, long value) {
        return UnsignedVarint.size(ProtoReader.varintTag(field)) + UnsignedVarint.size(value);
    }

    public static int bytesSize(int field, int length) {
        return UnsignedVarint.size(ProtoReader.bytesTag(field)) + UnsignedVarint.size(length) + length;
    }

    public int size() {
        return size;
    }

    public ProtoWriter varint(int field, long value) {
        raw(ProtoReader.varintTag(field));
        raw(value);
        return this;
    }

    public ProtoWriter bytes(int field, Bytes value) {
        begin(field, value.size());
        append(value);
        return this;
    }

    public ProtoWriter text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        begin(field, utf8.length);
        System.arraycopy(utf8, 0, buffer, size, utf8.length);
        size += utf8.length;
        return this;
    }

    public ProtoWriter message(int field, ProtoWriter value) {
        begin(field, value.size);
        System.arraycopy(value.buffer, 0, buffer, size, value.size);
        size += value.size;
        return this;
    }

    /** Begins a field whose {@code length} bytes the caller writes next, and makes room for them. */
    public ProtoWriter begin(int field, int length) {
        raw(ProtoReader.bytesTag(field));
        raw(length);
        reserve(length);
        return this;
    }

    /** Appends {@code value} preceded by its length alone, as signed text is made of. */
    public ProtoWriter delimited(Bytes value) {
        raw(value.size());
        reserve(value.size());
        append(value);
        return this;
    }

    private void append(Bytes value) {
        value.copyTo(buffer, size);
        size += value.size();
    }

    private void raw(long value) {
        if (buffer.length - size < MAX_VARINT64_BYTES) {
            reserve(UnsignedVarint.size(value));
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void reserve(int more) {
        int needed = Math.addExact(size, more);
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length + (buffer.length >> 1)));
        }
    }

    public byte[] toArray() {
        return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
    }

    public Bytes toBytes() {
        return Bytes.copyOf(buffer, 0, size);
    }
}
