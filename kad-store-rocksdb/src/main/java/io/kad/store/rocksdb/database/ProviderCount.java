package io.kad.store.rocksdb.database;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Number of remote providers of a key, with a list of their peer numbers while they are few. One read then shows whether there is room
 * for another provider, and whether it is stored already. Once the list was dropped, it starts again only after the count was 0.
 * Immutable.
 */
public final class ProviderCount {

    /** The largest number of listed providers. */
    static final int MAX_LISTED = 16;

    static final ProviderCount NONE = new ProviderCount(0, ByteBuffer.allocate(0));

    private final int count;
    /** The peer numbers of all providers; empty if the list was dropped. */
    private final ByteBuffer numbers;

    private ProviderCount(int count, ByteBuffer numbers) {
        this.count = count;
        this.numbers = numbers;
    }

    /** Decodes a count; null stands for no providers. */
    public static ProviderCount read(byte @Nullable [] bytes) {
        if (bytes == null) {
            return NONE;
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new ProviderCount(buffer.getInt(), buffer.slice());
    }

    public int count() {
        return count;
    }

    private boolean isListed() {
        return numbers.capacity() == count * KeyEncoding.NUMBER_BYTES;
    }

    /** Returns whether a peer may be one of the providers; always true if the list was dropped. */
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

    /** Returns the count with one more provider, which must be new. */
    public ProviderCount with(long number) {
        if (!isListed() || count == MAX_LISTED) {
            return new ProviderCount(count + 1, ByteBuffer.allocate(0));
        }
        ByteBuffer more = ByteBuffer.allocate(numbers.capacity() + KeyEncoding.NUMBER_BYTES);
        more.put(numbers.duplicate()).putLong(number).flip();
        return new ProviderCount(count + 1, more);
    }

    /** Returns the count without one of its providers. */
    public ProviderCount without(long number) {
        if (count == 1) {
            return NONE;
        }
        if (!isListed()) {
            return new ProviderCount(count - 1, ByteBuffer.allocate(0));
        }
        ByteBuffer fewer = ByteBuffer.allocate(numbers.capacity() - KeyEncoding.NUMBER_BYTES);
        for (int i = 0; i < count; i++) {
            long listed = numbers.getLong(i * KeyEncoding.NUMBER_BYTES);
            if (listed != number) {
                fewer.putLong(listed);
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
