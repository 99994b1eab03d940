package io.kad.wire.encoding;

import com.google.protobuf.CodedInputStream;
import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reader of the protobuf fields of one message, in their order; field values are copied once.
 *
 * <p>The caller compares {@link #nextTag()} with the expected tags, and skips all others, including a known field of
 * another wire type. Not thread-safe.
 */
public final class ProtoReader {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final byte[] message;
    private final int start;
    private final CodedInputStream in;

    /** Creates a reader of {@code message}, whose position is not changed. Copies it once if it is outside the heap. */
    public ProtoReader(ByteBuffer message) {
        int size = message.remaining();
        if (message.hasArray()) {
            this.message = message.array();
            this.start = message.arrayOffset() + message.position();
        } else {
            this.message = new byte[size];
            this.start = 0;
            message.get(message.position(), this.message);
        }
        this.in = CodedInputStream.newInstance(this.message, start, size);
    }

    /** Creates a reader of {@code message}. */
    public ProtoReader(Bytes message) {
        this(message.asReadOnlyBuffer());
    }

    /** Returns the tag of a varint field. */
    public static int varintTag(int field) {
        return field << 3 | VARINT;
    }

    /** Returns the tag of a length-delimited field: bytes, text or a message. */
    public static int bytesTag(int field) {
        return field << 3 | LENGTH_DELIMITED;
    }

    /**
     * Returns the tag of the next field, or 0 at the end of the message or of the nested message that was entered last.
     */
    public int nextTag() throws MalformedMessageException {
        try {
            return in.readTag();
        } catch (IOException e) {
            throw notProtobuf(e);
        }
    }

    /** Skips the current field. */
    public void skip(int tag) throws MalformedMessageException {
        try {
            if (!in.skipField(tag)) {
                throw new MalformedMessageException(
                        Reason.NOT_PROTOBUF, "invalid protobuf: end of a group without its start");
            }
        } catch (IOException e) {
            throw notProtobuf(e);
        }
    }

    /** Returns a copy of the value of a length-delimited field. */
    public Bytes bytes() throws MalformedMessageException {
        int size = skipBytes();
        return Bytes.copyOf(message, start + in.getTotalBytesRead() - size, size);
    }

    /** Returns the value as text, or empty if it is not UTF-8. */
    Optional<String> text() throws MalformedMessageException {
        return bytes().utf8();
    }

    /** Skips the value and returns its size in bytes. */
    int skipBytes() throws MalformedMessageException {
        try {
            int size = in.readRawVarint32();
            in.skipRawBytes(size);
            return size;
        } catch (IOException e) {
            throw notProtobuf(e);
        }
    }

    /** Returns the value of a varint field. */
    public long varint() throws MalformedMessageException {
        try {
            return in.readRawVarint64();
        } catch (IOException e) {
            throw notProtobuf(e);
        }
    }

    /** Enters the nested message of the current field; returns the state that {@link #leave} needs. */
    public int enter() throws MalformedMessageException {
        try {
            return in.pushLimit(in.readRawVarint32());
        } catch (IOException e) {
            throw notProtobuf(e);
        }
    }

    /** Leaves the nested message after its last field. */
    public void leave(int outer) {
        in.popLimit(outer);
    }

    private static MalformedMessageException notProtobuf(IOException cause) {
        return new MalformedMessageException(Reason.NOT_PROTOBUF, "invalid protobuf", cause);
    }
}
