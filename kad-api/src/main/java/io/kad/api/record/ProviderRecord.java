package io.kad.api.record;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Statement that a peer provides the content of a key. Immutable.
 *
 * <p>A provider store contains at most one for each pair of key and provider.
 *
 * @param key the key of the content, at most {@link #MAX_KEY_BYTES} bytes; a multihash if content is addressed by hash
 * @param provider the peer that provides it
 * @param addresses addresses of the provider, as it announced them; may be empty
 * @param expires the wall-clock instant from which the record is no longer served; empty for never, as for locally published ones
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#content-provider-advertisement-and-discovery">kad-dht, content
 *     provider advertisement</a>
 */
public record ProviderRecord(RecordKey key, PeerId provider, List<Multiaddr> addresses, Optional<Instant> expires) {

    /** Longest key of a provider record, in bytes (IPFS kad-dht specification). */
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
