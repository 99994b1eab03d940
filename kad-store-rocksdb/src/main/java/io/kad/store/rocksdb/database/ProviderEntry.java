package io.kad.store.rocksdb.database;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.record.ProviderRecord;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Stored form of a provider record: flags, number of the provider, expiry, and the addresses, each prefixed by its length.
 *
 * @param local whether the provider is the local peer
 * @param provider the number of the provider
 */
public record ProviderEntry(boolean local, long provider, Optional<Instant> expires, List<Multiaddr> addresses) {

    private static final int LOCAL = 1;
    private static final int EXPIRES = 4;

    public static ProviderEntry of(ProviderRecord record, boolean local, long provider) {
        return new ProviderEntry(local, provider, record.expires(), record.addresses());
    }

    public static ProviderEntry read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int flags = buffer.get();
        long provider = buffer.getLong();
        Optional<Instant> expires = KeyEncoding.time(buffer, (flags & EXPIRES) != 0);
        List<Multiaddr> addresses = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] address = new byte[buffer.getShort() & 0xffff];
            buffer.get(address);
            addresses.add(Multiaddr.fromBytes(Bytes.of(address)));
        }
        return new ProviderEntry((flags & LOCAL) != 0, provider, expires, addresses);
    }

    public byte[] bytes() {
        int size = 1 + KeyEncoding.NUMBER_BYTES + KeyEncoding.optionalTimeBytes(expires);
        for (Multiaddr address : addresses) {
            size += Short.BYTES + address.bytes().size();
        }
        ByteBuffer buffer = ByteBuffer.allocate(size)
                .put((byte) ((local ? LOCAL : 0) | (expires.isPresent() ? EXPIRES : 0)))
                .putLong(provider);
        KeyEncoding.putTime(buffer, expires);
        for (Multiaddr address : addresses) {
            buffer.putShort((short) address.bytes().size()).put(address.bytes().toArray());
        }
        return buffer.array();
    }

    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
