package io.kad.api.record;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A peer's statement that it provides the content behind a key.
 *
 * <p>A store holds at most one for each pair of key and provider.
 *
 * @param key the key of the content; a multihash where content is addressed by hash
 * @param provider the peer that provides it
 * @param addresses where the provider said it can be reached; may be empty
 * @param expires the wall-clock instant from which the record is no longer served; empty for never, as for own records
 */
public record ProviderRecord(RecordKey key, PeerId provider, List<Multiaddr> addresses, Optional<Instant> expires) {

    /** The longest provider key that is accepted, in bytes (IPFS kad-dht specification). */
    public static final int MAX_KEY_BYTES = 80;

    public ProviderRecord {
        requireNonNull(key, "key");
        requireNonNull(provider, "provider");
        addresses = List.copyOf(addresses);
        requireNonNull(expires, "expires");
    }

    /** Returns whether this record must no longer be served at {@code now}. */
    public boolean isExpired(Instant now) {
        return expires.isPresent() && !now.isBefore(expires.get());
    }
}
