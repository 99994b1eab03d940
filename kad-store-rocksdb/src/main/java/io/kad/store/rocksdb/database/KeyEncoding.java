package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.KadKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Encoding of the keys of the column families, and of the numbers and times in values. Numbers are big-endian, so that the order of the
 * bytes is that of the numbers.
 */
public final class KeyEncoding {

    /** The size of a time: seconds with the sign bit inverted, so that times before 1970 sort first, and nanoseconds. */
    static final int TIME_BYTES = 12;

    static final int NUMBER_BYTES = 8;
    public static final int SEQUENCE_BYTES = 8;
    private static final int LENGTH_BYTES = 2;
    private static final byte[] EMPTY = {};

    private KeyEncoding() {}

    /** Returns the value of an index entry, whose content is all in its key. */
    public static byte[] empty() {
        return EMPTY;
    }

    /** Returns the encoding of the number of a peer. */
    public static byte[] number(long number) {
        return ByteBuffer.allocate(NUMBER_BYTES).putLong(number).array();
    }

    private static ByteBuffer putTime(ByteBuffer buffer, Instant time) {
        return buffer.putLong(time.getEpochSecond() ^ Long.MIN_VALUE).putInt(time.getNano());
    }

    private static Instant time(ByteBuffer buffer) {
        return Instant.ofEpochSecond(buffer.getLong() ^ Long.MIN_VALUE, buffer.getInt());
    }

    /** Returns the key of an expiry: the time, followed by the key of the expiring entry. */
    public static byte[] expiry(Instant time, byte[] entryKey) {
        return putTime(ByteBuffer.allocate(TIME_BYTES + entryKey.length), time)
                .put(entryKey)
                .array();
    }

    /** Returns the time in the key of an expiry. */
    public static Instant expiryTime(byte[] expiry) {
        return time(ByteBuffer.wrap(expiry));
    }

    /** Returns the key of the expiring entry in the key of an expiry. */
    public static byte[] expiringKey(byte[] expiry) {
        return Arrays.copyOfRange(expiry, TIME_BYTES, expiry.length);
    }

    /**
     * Returns the key of an entry of the distance index: the distance, followed by the record key.
     *
     * @param self the Kademlia key of the local peer
     * @param kadKey the Kademlia key of {@code key}
     */
    public static byte[] distance(KadKey self, KadKey kadKey, byte[] key) {
        byte[] distance = self.distance(kadKey).bytes().toArray();
        byte[] distanceKey = Arrays.copyOf(distance, distance.length + key.length);
        System.arraycopy(key, 0, distanceKey, distance.length, key.length);
        return distanceKey;
    }

    /** Returns the record key in the key of an entry of the distance index. */
    public static byte[] recordKeyOfDistance(byte[] distanceKey) {
        return Arrays.copyOfRange(distanceKey, KadKey.BITS / 8, distanceKey.length);
    }

    /** Returns the common prefix of the providers of one record key: its length and its bytes. */
    public static byte[] providerPrefix(byte[] key) {
        return ByteBuffer.allocate(LENGTH_BYTES + key.length)
                .putShort((short) key.length)
                .put(key)
                .array();
    }

    /** Returns the key of one provider record: the prefix of its record key, followed by its sequence number. */
    public static byte[] provider(byte[] key, long sequence) {
        return ByteBuffer.allocate(LENGTH_BYTES + key.length + SEQUENCE_BYTES)
                .putShort((short) key.length)
                .put(key)
                .putLong(sequence)
                .array();
    }

    /** Returns the record key in the key of a provider record. */
    public static byte[] recordKeyOfProvider(byte[] entryKey) {
        return Arrays.copyOfRange(entryKey, LENGTH_BYTES, entryKey.length - SEQUENCE_BYTES);
    }

    /** Returns the key of an entry of the index by provider: the number of the provider, followed by the record key. */
    public static byte[] providerKey(long peer, byte[] key) {
        return ByteBuffer.allocate(NUMBER_BYTES + key.length)
                .putLong(peer)
                .put(key)
                .array();
    }

    /** Returns the first key after all keys with {@code prefix}; empty if there is none. */
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
