package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.record.ProviderRecord;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stored form of a provider record: flags, number of the provider, expiry, time of renewal, and the addresses, each prefixed by its
 * length.
 *
 * @param local whether the provider is the local peer
 * @param provider the number of the provider
 * @param renewed the time of the last add; empty for a local record, and for one of a schema before 4
 */
public record ProviderEntry(
        boolean local, long provider, Optional<Instant> expires, Optional<Instant> renewed, List<Multiaddr> addresses) {

    private static final int LOCAL = 1;
    private static final int EXPIRES = 4;
    private static final int RENEWED = 8;
    /** The time to live that a record usually gets when it is renewed (kad-dht specification). */
    private static final Duration USUAL_TTL = Duration.ofHours(48);

    public static ProviderEntry of(ProviderRecord record, boolean local, long provider, Instant now) {
        return new ProviderEntry(
                local, provider, record.expires(), local ? Optional.empty() : Optional.of(now), record.addresses());
    }

    /** Returns the time of the last add; of a record without it, what its expiry tells. */
    public Instant renewal() {
        return renewed.or(() -> expires.map(time -> time.minus(USUAL_TTL))).orElse(Instant.EPOCH);
    }

    public static ProviderEntry read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int flags = buffer.get();
        long provider = buffer.getLong();
        Optional<Instant> expires = KeyEncoding.time(buffer, (flags & EXPIRES) != 0);
        Optional<Instant> renewed = KeyEncoding.time(buffer, (flags & RENEWED) != 0);
        List<Multiaddr> addresses = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] address = new byte[buffer.getShort() & 0xffff];
            buffer.get(address);
            addresses.add(Multiaddr.fromBytes(Bytes.of(address)));
        }
        return new ProviderEntry((flags & LOCAL) != 0, provider, expires, renewed, addresses);
    }

    public byte[] bytes() {
        int size = 1
                + KeyEncoding.NUMBER_BYTES
                + KeyEncoding.optionalTimeBytes(expires)
                + KeyEncoding.optionalTimeBytes(renewed);
        for (Multiaddr address : addresses) {
            size += Short.BYTES + address.bytes().size();
        }
        ByteBuffer buffer = ByteBuffer.allocate(size)
                .put((byte) ((local ? LOCAL : 0)
                        | (expires.isPresent() ? EXPIRES : 0)
                        | (renewed.isPresent() ? RENEWED : 0)))
                .putLong(provider);
        KeyEncoding.putTime(buffer, expires);
        KeyEncoding.putTime(buffer, renewed);
        for (Multiaddr address : addresses) {
            buffer.putShort((short) address.bytes().size()).put(address.bytes().toArray());
        }
        return buffer.array();
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
