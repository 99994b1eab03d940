package io.kad.api.id;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;

/** Immutable byte string, compared byte by byte as unsigned numbers. Thread-safe. */
public final class Bytes implements Comparable<Bytes> {

    /** The empty byte string. */
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
     * Returns a copy of {@code length} bytes of {@code content} from {@code offset} on.
     *
     * @throws IndexOutOfBoundsException if the range exceeds {@code content}
     */
    public static Bytes copyOf(byte[] content, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, content.length);
        return length == 0 ? EMPTY : new Bytes(Arrays.copyOfRange(content, offset, offset + length));
    }

    /** Returns a copy of the remaining bytes of {@code buffer}, whose position advances to its limit. */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.get(content);
        return wrap(content);
    }

    /** Returns {@code content} without a copy; the caller must not keep a reference to it. */
    static Bytes wrap(byte[] content) {
        return content.length == 0 ? EMPTY : new Bytes(content);
    }

    /**
     * Returns {@code text} in UTF-8.
     *
     * @throws IllegalArgumentException if it contains an unpaired surrogate, which UTF-8 cannot express
     */
    public static Bytes utf8(String text) {
        for (int index = 0; index < text.length(); index++) {
            if (Character.isSurrogate(text.charAt(index))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(index))) {
                    throw new IllegalArgumentException("invalid text " + Quoting.text(text) + ": unpaired surrogate");
                }
                index++;
            }
        }
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Decodes hexadecimal digits.
     *
     * @throws IllegalArgumentException if {@code hex} is not an even number of hexadecimal digits
     */
    public static Bytes fromHex(String hex) {
        try {
            return wrap(HexFormat.of().parseHex(hex));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid hexadecimal text " + Quoting.text(hex) + ": expected an even number of hexadecimal digits",
                    e);
        }
    }

    /** Returns the concatenation of {@code parts}. */
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

    /** Returns whether this string is empty. */
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

    /** Returns a view that is fast to read; callers must not write to it. */
    ByteBuffer buffer() {
        return ByteBuffer.wrap(content);
    }

    /**
     * Returns a copy of the bytes from {@code from}, inclusive, to {@code to}, exclusive.
     *
     * @throws IndexOutOfBoundsException if the range exceeds this string
     */
    public Bytes slice(int from, int to) {
        return copyOf(content, from, to - from);
    }

    /** Returns whether this string starts with {@code prefix}. */
    public boolean startsWith(Bytes prefix) {
        return size() >= prefix.size() && Arrays.equals(content, 0, prefix.size(), prefix.content, 0, prefix.size());
    }

    /** Returns lower-case hexadecimal digits, two per byte. */
    public String hex() {
        return HexFormat.of().formatHex(content);
    }

    /** Decodes UTF-8; returns empty if the bytes are not valid UTF-8. */
    public Optional<String> utf8() {
        String text = new String(content, StandardCharsets.UTF_8);
        // Lenient decoding replaces malformed bytes by this character
        if (text.indexOf('\ufffd') < 0) {
            return Optional.of(text);
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException e) {
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

    /** Returns hexadecimal digits, shortened after {@value #SHOWN} bytes. */
    @Override
    public String toString() {
        return size() <= SHOWN ? hex() : slice(0, SHOWN).hex() + "...(" + size() + " bytes)";
    }
}
