package io.kad.api.id;

import java.nio.ByteBuffer;

/** Steps through the components of a binary address and checks each, without copying their values. */
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
     * Steps to the next component; returns false if there is none.
     *
     * @throws IllegalArgumentException if what follows is no component
     */
    boolean next() {
        if (!in.hasRemaining()) {
            return false;
        }
        start = in.position();
        protocol = MultiaddrProtocol.ofCode(UnsignedVarint.read(in));
        MultiaddrTranscoder form = protocol.transcoder();
        long length = form.isVariable() ? UnsignedVarint.read(in) : form.size();
        if (length > in.remaining()) {
            throw new IllegalArgumentException(protocol.text() + ": its value is cut off");
        }
        valueStart = in.position();
        in.position(valueStart + (int) length);
        protocol.check(bytes, valueStart, in.position());
        return true;
    }

    /** Returns the protocol of the component stepped to. */
    MultiaddrProtocol protocol() {
        return protocol;
    }

    /** Returns where the component stepped to begins. */
    int start() {
        return start;
    }

    /** Returns whether the component stepped to is the last. */
    boolean isLast() {
        return !in.hasRemaining();
    }

    /** Returns a copy of the value of the component stepped to. */
    Bytes value() {
        return bytes.slice(valueStart, in.position());
    }
}
