package io.kad.wire.encoding;

import com.google.protobuf.CodedInputStream;
import io.kad.api.id.Bytes;
import io.kad.wire.encoding.MalformedMessageException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Protobuf fields of one message in the order they come; field values are copied once, straight into what keeps them.
 *
 * <p>The caller compares {@link #nextTag()} with what it knows and skips all else, also a known field in an unknown form.
 */
public final class ProtoReader {

    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

    private final ByteBuffer message;
    private final CodedInputStream in;

    public ProtoReader(ByteBuffer message) {
        this.message = message;
        this.in = CodedInputStream.newInstance(message.duplicate());
    }

    public ProtoReader(Bytes message) {
        this(message.asReadOnlyBuffer());
    }

    /** The tag of a field that holds a number. */
    public static int varintTag(int field) {
        return field << 3 | VARINT;
    }

    /** The tag of a field that holds bytes, text or a message. */
    public static int bytesTag(int field) {
        return field << 3 | LENGTH_DELIMITED;
    }

    /** Returns the tag of the next field, or 0 at the end of the message or of the nested message entered last. */
    public int nextTag() throws MalformedMessageException {
        try {
            return in.readTag();
        } catch (IOException broken) {
            throw notProtobuf(broken);
        }
    }

    public void skip(int tag) throws MalformedMessageException {
        try {
            if (!in.skipField(tag)) {
                throw new MalformedMessageException(Reason.NOT_PROTOBUF, "a group ends that never began");
            }
        } catch (IOException broken) {
            throw notProtobuf(broken);
        }
    }

    public Bytes bytes() throws MalformedMessageException {
        return Bytes.copyOf(view());
    }

    /** Returns the value as text, or empty if it is not UTF-8. */
    Optional<String> text() throws MalformedMessageException {
        return bytes().utf8();
    }

    /** Returns how many bytes the value takes, and skips it. */
    int skipBytes() throws MalformedMessageException {
        return view().remaining();
    }

    private ByteBuffer view() throws MalformedMessageException {
        try {
            int size = in.readRawVarint32();
            int at = in.getTotalBytesRead();
            in.skipRawBytes(size);
            return message.slice(message.position() + at, size);
        } catch (IOException broken) {
            throw notProtobuf(broken);
        }
    }

    public long varint() throws MalformedMessageException {
        try {
            return in.readRawVarint64();
        } catch (IOException broken) {
            throw notProtobuf(broken);
        }
    }

    /** Enters the nested message that is the value, and returns what {@link #leave} needs. */
    public int enter() throws MalformedMessageException {
        try {
            return in.pushLimit(in.readRawVarint32());
        } catch (IOException broken) {
            throw notProtobuf(broken);
        }
    }

    /** Leaves the nested message, whose end has been reached. */
    public void leave(int outer) {
        in.popLimit(outer);
    }

    private static MalformedMessageException notProtobuf(IOException cause) {
        return new MalformedMessageException(
                Reason.NOT_PROTOBUF, "the bytes are not the protobuf message they should be", cause);
    }
}
