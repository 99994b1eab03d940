package io.kad.wire.encoding;

import io.kad.api.id.Bytes;
import io.kad.api.id.UnsignedVarint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writer of a protobuf message, field by field in the order of the calls. Not thread-safe. */
public final class ProtoWriter {

    private static final int MAX_VARINT64_BYTES = 10;
    private static final int GROWS = -1;

    /** End of the space of a writer that does not grow; negative for one that grows. */
    private final int limit;

    private final int start;
    private byte[] buffer;
    /** End of what is written. */
    private int end;

    /**
     * Creates a writer.
     *
     * @param expectedSize initial capacity in bytes; the writer grows as needed
     */
    public ProtoWriter(int expectedSize) {
        this(new byte[expectedSize], 0, GROWS);
    }

    private ProtoWriter(byte[] buffer, int start, int limit) {
        this.buffer = buffer;
        this.start = start;
        this.end = start;
        this.limit = limit;
    }

    /**
     * Returns a writer to the {@code length} bytes of {@code target} from {@code offset} on, which others may share. To write more throws {@code
     * IllegalStateException}.
     */
    public static ProtoWriter into(byte[] target, int offset, int length) {
        return new ProtoWriter(target, offset, offset + length);
    }

    /** Returns the encoded size of a varint field, in bytes. */
    public static int varintSize(int field, long value) {
        return UnsignedVarint.size(ProtoReader.varintTag(field)) + UnsignedVarint.size(value);
    }

    /** Returns the encoded size of a length-delimited field with {@code length} bytes. */
    public static int bytesSize(int field, int length) {
        return UnsignedVarint.size(ProtoReader.bytesTag(field)) + UnsignedVarint.size(length) + length;
    }

    /** Returns the number of written bytes. */
    public int size() {
        return end - start;
    }

    /** Appends a varint field. */
    public ProtoWriter varint(int field, long value) {
        raw(ProtoReader.varintTag(field));
        raw(value);
        return this;
    }

    /** Appends a field of bytes. */
    public ProtoWriter bytes(int field, Bytes value) {
        begin(field, value.size());
        append(value);
        return this;
    }

    /** Appends a text field in UTF-8. */
    public ProtoWriter text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        begin(field, utf8.length);
        System.arraycopy(utf8, 0, buffer, end, utf8.length);
        end += utf8.length;
        return this;
    }

    /** Appends a nested message. */
    public ProtoWriter message(int field, ProtoWriter value) {
        begin(field, value.size());
        return append(value);
    }

    /** Appends the fields of {@code value}. */
    public ProtoWriter append(ProtoWriter value) {
        reserve(value.size());
        System.arraycopy(value.buffer, value.start, buffer, end, value.size());
        end += value.size();
        return this;
    }

    /** Begins a field of {@code length} bytes, which the caller writes next, and reserves space for them. */
    public ProtoWriter begin(int field, int length) {
        raw(ProtoReader.bytesTag(field));
        raw(length);
        reserve(length);
        return this;
    }

    /** Appends {@code value} with a length prefix and without a tag, as in signed envelopes. */
    public ProtoWriter delimited(Bytes value) {
        raw(value.size());
        reserve(value.size());
        append(value);
        return this;
    }

    private void append(Bytes value) {
        value.copyTo(buffer, end);
        end += value.size();
    }

    private void raw(long value) {
        if (space() < MAX_VARINT64_BYTES) {
            reserve(UnsignedVarint.size(value));
        }
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[end++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[end++] = (byte) rest;
    }

    private int space() {
        return (limit == GROWS ? buffer.length : limit) - end;
    }

    private void reserve(int more) {
        if (more <= space()) {
            return;
        }
        if (limit != GROWS) {
            throw new IllegalStateException("message exceeds the space of " + (limit - start) + " bytes");
        }
        int needed = Math.addExact(end, more);
        buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length + (buffer.length >> 1)));
    }

    /** Returns the message; the array may be the buffer of this writer, which must not be used any more. */
    public byte[] toArray() {
        return start == 0 && end == buffer.length ? buffer : Arrays.copyOfRange(buffer, start, end);
    }

    /** Returns a copy of the message. */
    public Bytes toBytes() {
        return Bytes.copyOf(buffer, start, end - start);
    }
}
