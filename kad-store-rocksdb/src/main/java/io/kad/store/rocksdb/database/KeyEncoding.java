package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** The keys of the column families, byte by byte; numbers are big-endian, so that they sort as they count. */
public final class KeyEncoding {

    /** A time: seconds with the sign bit turned over, so that times before 1970 sort first, and nanoseconds. */
    static final int TIME_BYTES = 12;

    static final int NUMBER_BYTES = 8;
    public static final int SEQUENCE_BYTES = 8;
    private static final int LENGTH_BYTES = 2;
    private static final byte[] EMPTY = {};

    private KeyEncoding() {}

    /** Returns the value of an entry that says all by its key. */
    public static byte[] empty() {
        return EMPTY;
    }

    public static byte[] number(long number) {
        return ByteBuffer.allocate(NUMBER_BYTES).putLong(number).array();
    }

    private static ByteBuffer putTime(ByteBuffer buffer, Instant time) {
        return buffer.putLong(time.getEpochSecond() ^ Long.MIN_VALUE).putInt(time.getNano());
    }

    private static Instant time(ByteBuffer buffer) {
        return Instant.ofEpochSecond(buffer.getLong() ^ Long.MIN_VALUE, buffer.getInt());
    }

    /** Returns the key of an expiry: the time, and what expires. */
    public static byte[] expiry(Instant time, byte[] what) {
        return putTime(ByteBuffer.allocate(TIME_BYTES + what.length), time)
                .put(what)
                .array();
    }

    public static Instant expiryTime(byte[] expiry) {
        return time(ByteBuffer.wrap(expiry));
    }

    /** Returns what expires by this key. */
    public static byte[] expiringKey(byte[] expiry) {
        return Arrays.copyOfRange(expiry, TIME_BYTES, expiry.length);
    }

    /** Returns the key of a record by its distance from the own place. */
    public static byte[] distance(KadKey self, KadKey place, byte[] key) {
        byte[] distance = self.distance(place).bytes().toArray();
        byte[] whole = Arrays.copyOf(distance, distance.length + key.length);
        System.arraycopy(key, 0, whole, distance.length, key.length);
        return whole;
    }

    /** Returns the key of a record behind its distance. */
    public static byte[] recordKeyOfDistance(byte[] whole) {
        return Arrays.copyOfRange(whole, KadKey.BITS / 8, whole.length);
    }

    /** Returns what the providers of one key begin with: the length of the key, and the key. */
    public static byte[] providerPrefix(byte[] key) {
        return ByteBuffer.allocate(LENGTH_BYTES + key.length)
                .putShort((short) key.length)
                .put(key)
                .array();
    }

    /** Returns the key of one provider record: the providers of its key in the order in which they came. */
    public static byte[] provider(byte[] key, long sequence) {
        return ByteBuffer.allocate(LENGTH_BYTES + key.length + SEQUENCE_BYTES)
                .putShort((short) key.length)
                .put(key)
                .putLong(sequence)
                .array();
    }

    public static byte[] recordKeyOfProvider(byte[] provider) {
        return Arrays.copyOfRange(provider, LENGTH_BYTES, provider.length - SEQUENCE_BYTES);
    }

    /** Returns the key by which a provider record is found from its provider. */
    public static byte[] providerKey(long peer, byte[] key) {
        return ByteBuffer.allocate(NUMBER_BYTES + key.length)
                .putLong(peer)
                .put(key)
                .array();
    }

    /** Returns the first key that does not begin with {@code prefix}; empty if there is none. */
    static Optional<byte[]> endOfPrefix(byte[] prefix) {
        byte[] next = prefix.clone();
        for (int i = next.length - 1; i >= 0; i--) {
            if (next[i] != (byte) 0xff) {
                next[i]++;
                return Optional.of(Arrays.copyOf(next, i + 1));
            }
        }
        return Optional.empty();
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    static int optionalTimeBytes(Optional<Instant> time) {
        return time.isPresent() ? TIME_BYTES : 0;
    }

    static void putTime(ByteBuffer buffer, Optional<Instant> time) {
        time.ifPresent(present -> putTime(buffer, present));
    }

    static Optional<Instant> time(ByteBuffer buffer, boolean present) {
        return present ? Optional.of(time(buffer)) : Optional.empty();
    }

    static Bytes rest(ByteBuffer buffer) {
        return Bytes.copyOf(buffer);
    }
}
