package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How many other peers provide a key, and while they are few, which: one reading then tells whether there is room for another, and whether
 * it is there already. Once it is not known which they are, it is not again before they are none. Immutable.
 */
public final class ProviderCount {

    /** How many are listed at most. */
    static final int MAX_LISTED = 16;

    static final ProviderCount NONE = new ProviderCount(0, ByteBuffer.allocate(0));

    private final int count;
    /** The numbers of all of them, or none if they are too many. */
    private final ByteBuffer numbers;

    private ProviderCount(int count, ByteBuffer numbers) {
        this.count = count;
        this.numbers = numbers;
    }

    public static ProviderCount read(byte @Nullable [] written) {
        if (written == null) {
            return NONE;
        }
        ByteBuffer buffer = ByteBuffer.wrap(written);
        return new ProviderCount(buffer.getInt(), buffer.slice());
    }

    public int count() {
        return count;
    }

    private boolean isListed() {
        return numbers.capacity() == count * KeyEncoding.NUMBER_BYTES;
    }

    /** Returns whether a peer is one of them; true as well if that is not known. */
    public boolean mayContain(long number) {
        if (!isListed()) {
            return true;
        }
        for (int i = 0; i < count; i++) {
            if (numbers.getLong(i * KeyEncoding.NUMBER_BYTES) == number) {
                return true;
            }
        }
        return false;
    }

    /** Returns them with one more, which is not one of them. */
    public ProviderCount with(long number) {
        if (!isListed() || count == MAX_LISTED) {
            return new ProviderCount(count + 1, ByteBuffer.allocate(0));
        }
        ByteBuffer more = ByteBuffer.allocate(numbers.capacity() + KeyEncoding.NUMBER_BYTES);
        more.put(numbers.duplicate()).putLong(number).flip();
        return new ProviderCount(count + 1, more);
    }

    /** Returns them without one of them. */
    public ProviderCount without(long number) {
        if (count == 1) {
            return NONE;
        }
        if (!isListed()) {
            return new ProviderCount(count - 1, ByteBuffer.allocate(0));
        }
        ByteBuffer fewer = ByteBuffer.allocate(numbers.capacity() - KeyEncoding.NUMBER_BYTES);
        for (int i = 0; i < count; i++) {
            long each = numbers.getLong(i * KeyEncoding.NUMBER_BYTES);
            if (each != number) {
                fewer.putLong(each);
            }
        }
        return new ProviderCount(count - 1, fewer.flip());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(Integer.BYTES + numbers.capacity())
                .putInt(count)
                .put(numbers.duplicate())
                .array();
    }
}
