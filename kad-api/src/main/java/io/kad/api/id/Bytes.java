package io.kad.api.id;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** An immutable string of bytes, compared byte by byte as unsigned numbers. */
public final class Bytes implements Comparable<Bytes> {

    /** The string of no bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN = 32;

    private final byte[] content;
    private int hash;

    private Bytes(byte[] content) {
        this.content = content;
    }

    /** Returns a copy of {@code content}. */
    public static Bytes of(byte... content) {
        return content.length == 0 ? EMPTY : new Bytes(content.clone());
    }

    /**
     * Returns a copy of {@code length} bytes of {@code content} from {@code offset}.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public static Bytes copyOf(byte[] content, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, content.length);
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /** Returns a copy of what remains in {@code buffer}, whose position advances to its limit. */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.get(content);
        return wrap(content);
    }

    /** Takes over {@code content}, which nobody else may keep. */
    static Bytes wrap(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    /**
     * Returns {@code text} in UTF-8.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair, which UTF-8 cannot express
     */
    public static Bytes utf8(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(index))) {
                    throw new IllegalArgumentException(Quoting.text(text) + " holds half of a surrogate pair");
                }
                index++;
            }
        }
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the bytes that {@code hex} shows.
     *
     * @throws IllegalArgumentException if it is not an even number of hexadecimal digits
     */
    public static Bytes fromHex(String hex) {
        try {
            return wrap(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    Quoting.text(hex) + " is no even number of hexadecimal digits", malformed);
        }
    }

    /** Returns {@code parts} one after the other. */
    public static Bytes concat(Bytes... parts) {
        int size = 0;
        for (Bytes part : parts) {
            size = Math.addExact(size, part.size());
        }
        byte[] joined = new byte[size];
        int offset = 0;
        for (Bytes part : parts) {
            part.copyTo(joined, offset);
            offset += part.size();
        }
        return wrap(joined);
    }

    /** Returns the number of bytes. */
    public int size() {
        return content.length;
    }

    /** Returns whether there are no bytes. */
    public boolean isEmpty() {
        return content.length == 0;
    }

    /** Returns the byte at {@code index}, from 0. */
    public byte at(int index) {
        return content[index];
    }

    /** Returns a copy as an array. */
    public byte[] toArray() {
        return content.clone();
    }

    /** Copies all bytes into {@code target} from {@code offset} on. */
    public void copyTo(byte[] target, int offset) {
        System.arraycopy(content, 0, target, offset, content.length);
    }

    /** Returns a read-only view. */
    public ByteBuffer asReadOnlyBuffer() {
        return ByteBuffer.wrap(content).asReadOnlyBuffer();
    }

    /** Returns a view that is cheap to read, and that nobody may write to. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(content);
    }

    /**
     * Returns a copy of the bytes from {@code from} up to but not including {@code to}.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public Bytes slice(int from, int to) {
        return copyOf(content, from, to - from);
    }

    /** Returns whether the first bytes are those of {@code prefix}. */
    public boolean startsWith(Bytes prefix) {
        return size() >= prefix.size() && Arrays.equals(content, 0, prefix.size(), prefix.content, 0, prefix.size());
    }

    /** Returns lower-case hexadecimal digits, two a byte. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    /** Returns the text these bytes are in UTF-8, or empty if they are none. */
    public Optional<String> utf8() {
        String text = new String(content, StandardCharsets.UTF_8);
        // Decoding that never fails writes this character in place of what is malformed
        if (text.indexOf('\ufffd') < 0) {
            return Optional.of(text);
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException notText) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        int computed = hash;
        if (computed == 0) {
            computed = Arrays.hashCode(content);
            hash = computed;
        }
        return computed;
    }

    /** Returns hexadecimal digits, shortened if there are many. */
    @Override
    public String toString() {
        return size() <= SHOWN ? hex() : slice(0, SHOWN).hex() + "...(" + size() + " bytes)";
    }
}
