package io.kad.api.id;

import java.nio.ByteBuffer;

/** Iterator over the components of a binary address; validates each without copying its value. Not thread-safe. */
final class MultiaddrReader {

    private final Bytes bytes;
    private final ByteBuffer in;
    private MultiaddrProtocol protocol = MultiaddrProtocol.IP4;
    private int start;
    private int valueStart;

    MultiaddrReader(Bytes bytes) {
        this.bytes = bytes;
        this.in = bytes.buffer();
    }

    /**
     * Advances to the next component; returns false at the end.
     *
     * @throws IllegalArgumentException if the next component is invalid
     */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        start = in.position();
        protocol = MultiaddrProtocol.ofCode(UnsignedVarint.read(in));
        MultiaddrTranscoder transcoder = protocol.transcoder();
        long length = transcoder.isVariable() ? UnsignedVarint.read(in) : transcoder.size();
        if (length > in.remaining()) {
            throw new IllegalArgumentException(protocol.text() + ": value is truncated");
        }
        valueStart = in.position();
        in.position(valueStart + (int) length);
        protocol.check(bytes, valueStart, in.position());
        return true;
    }

    /** Returns the protocol of the current component. */
    MultiaddrProtocol protocol() {
        return protocol;
    }

    /** Returns the start offset of the current component. */
    int start() {
        return start;
    }

    /** Returns whether the current component is the last. */
    boolean isLast() {
        return !in.hasRemaining();
    }

    /** Returns a copy of the value of the current component. */
    Bytes value() {
        return bytes.slice(valueStart, in.position());
    }
}
