package io.kad.api.id;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Key of a record, or of a content that has providers: any bytes, often {@code /namespace/name} in UTF-8. Immutable.
 *
 */
public final class RecordKey implements Comparable<RecordKey> {

    private static final String HEX_PREFIX = "0x";

    private final Bytes bytes;
    private volatile @Nullable KadKey kadKey;

    private RecordKey(Bytes bytes) {
        this.bytes = requireNonNull(bytes, "bytes");
    }

    /** Returns the key with these bytes. */
    public static RecordKey of(Bytes bytes) {
        return new RecordKey(bytes);
    }

    /** Returns the key of a content: the binary form of its multihash. */
    public static RecordKey of(Multihash multihash) {
        return new RecordKey(multihash.bytes());
    }

    /** Returns the key of {@code text} in UTF-8. */
    public static RecordKey utf8(String text) {
        return new RecordKey(Bytes.utf8(text));
    }

    /** Returns the bytes of the key. */
    public Bytes bytes() {
        return bytes;
    }

    /** Returns {@code ns} of a key that starts with {@code /ns/}; empty for any other key. */
    public Optional<String> namespace() {
        if (bytes.isEmpty() || bytes.at(0) != '/') {
            return Optional.empty();
        }
        for (int end = 1; end < bytes.size(); end++) {
            if (bytes.at(end) == '/') {
                return end == 1 ? Optional.empty() : bytes.slice(1, end).utf8();
            }
        }
        return Optional.empty();
    }

    /** Returns the Kademlia key of this record. Computed once. */
    public KadKey kadKey() {
        KadKey key = kadKey;
        if (key == null) {
            key = KadKey.hash(bytes);
            kadKey = key;
        }
        return key;
    }

    @Override
    public int compareTo(RecordKey other) {
        return bytes.compareTo(other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordKey that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    /** Returns the key as text if it is printable and not ambiguous; otherwise {@code 0x} and hexadecimal digits. */
    @Override
    public String toString() {
        return bytes.utf8().filter(RecordKey::isPlain).orElseGet(() -> HEX_PREFIX + bytes.hex());
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty()
                && !text.startsWith(HEX_PREFIX)
                && text.codePoints().allMatch(Quoting::isPrintable);
    }
}
