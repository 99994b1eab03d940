package io.kad.store.memory;

import static io.kad.api.spi.store.Page.requirePositive;
import static io.kad.store.memory.MemoryStoreOptions.requireFits;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.EntryTable.ChangeResult;
import io.kad.store.memory.MemoryStoreOptions.Option;
import io.kad.store.memory.QuotaTracker.Content;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounded provider store in memory. A full key or store evicts remote records for new ones by the rules of {@link ProviderStore}.
 *
 * <p>Pages are in the order of the bytes of the keys. Thread-safe; never blocks.
 */
public final class MemoryProviderStore implements ProviderStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Providers limits;
    private final QuotaTracker quotas;
    private final KeyIndex<ProviderSet> localKeys =
            new KeyIndex<>(set -> set.usage().local().records() > 0);
    private final ProviderIndex providers;
    private final LongAdder evictions = new LongAdder();
    private final StoreListener listener;
    private final EntryTable<ProviderSet> entries;
    /** Whether the change in progress is a {@link #remove}; used under the lock of the table. */
    private boolean removing;

    /**
     * Creates an empty store.
     *
     * @param self the local peer, whose provider records are local
     * @param clock the wall clock that decides which records are expired
     */
    public MemoryProviderStore(PeerId self, InstantSource clock, MemoryStoreLimits.Providers limits) {
        this(self, clock, limits, StoreListener.NONE);
    }

    /**
     * Creates an empty store.
     *
     * @param self the local peer, whose provider records are local and from which distances are measured
     * @param clock the wall clock that decides which records are expired
     * @param listener receives evictions; called under the lock of the store
     */
    public MemoryProviderStore(
            PeerId self, InstantSource clock, MemoryStoreLimits.Providers limits, StoreListener listener) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.quotas = new QuotaTracker(Content.PROVIDER_RECORDS, limits.local(), limits.remote());
        this.listener = requireNonNull(listener, "listener");
        this.providers = new ProviderIndex(self, listener, this::onRemoved);
        this.entries = new EntryTable<>(clock, quotas, List.of(localKeys, providers), providers, (evicted, closer) -> {
            // the index reports each record
        });
    }

    private void onRemoved(ProviderRecord record) {
        if (!removing && !record.isExpired(clock.instant())) {
            evictions.increment();
            listener.providerEvicted(record.key(), record.provider());
        }
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        checkSize(record);
        entries.change(record.key().bytes(), (set, now) -> add(record, set, now));
    }

    private ChangeResult<ProviderSet> add(ProviderRecord record, @Nullable ProviderSet set, Instant now)
            throws StoreException {
        removing = record.isExpired(now);
        ProviderSet live = set == null ? null : set.withoutExpired(now, Integer.MAX_VALUE);
        boolean replacing = live != null && live.indexOf(record.provider()) >= 0;
        if (record.isExpired(now)) {
            return new ChangeResult<>(live == null ? null : live.without(record.provider()), replacing);
        }
        if (!replacing && !record.provider().equals(self)) {
            requireRoomForProvider(record.provider());
            live = withRoom(live);
        }
        return new ChangeResult<>(ProviderSet.with(self, live, record, now), replacing);
    }

    private void requireRoomForProvider(PeerId provider) throws StoreException.Full {
        if (providers.of(provider) >= limits.maxPerProvider()) {
            throw new StoreException.ShareReached(
                    limits.maxPerProvider(), "keys per remote provider", Option.MAX_KEYS_PER_PROVIDER.key());
        }
    }

    /** Returns a set with room for a remote provider: a full one gives up the one that was renewed longest ago. */
    private @Nullable ProviderSet withRoom(@Nullable ProviderSet set) throws StoreException.Full {
        if (limits.maxPerKey() == 0) {
            throw StoreException.Full.reached(0, "remote providers per key", Option.MAX_PROVIDERS_PER_KEY.key());
        }
        ProviderSet rest = set;
        while (rest != null && rest.remote() >= limits.maxPerKey()) {
            rest = rest.without(rest.longestNotRenewed().orElseThrow());
        }
        return rest;
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        requirePositive(limit);
        ProviderSet set = entries.get(key.bytes());
        if (set == null) {
            return List.of();
        }
        List<ProviderRecord> live = set.live(clock.instant());
        return live.size() <= limit ? live : live.subList(0, limit);
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        AtomicBoolean removed = new AtomicBoolean();
        entries.change(key.bytes(), (set, now) -> {
            removing = true;
            ProviderSet live = set == null ? null : set.withoutExpired(now, Integer.MAX_VALUE);
            removed.set(live != null && live.indexOf(provider) >= 0);
            return new ChangeResult<>(live == null || !removed.get() ? set : live.without(provider), true);
        });
        return removed.get();
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        requirePositive(limit);
        Instant now = clock.instant();
        return entries.page(localKeys, after, limit, set -> set.localRecord().filter(record -> !record.isExpired(now)));
    }

    @Override
    public int removeExpired(int limit) throws StoreException {
        requirePositive(limit);
        return entries.removeExpired(limit);
    }

    @Override
    public long size() throws StoreException {
        return entries.size();
    }

    /** Returns {@code providers}, {@code bytes}, the heap that they occupy, and {@code evictions}, of a full store or key. */
    @Override
    public Map<String, Long> statistics() throws StoreException {
        return Map.of(
                "providers",
                size(),
                "local-providers",
                quotas.localRecords(),
                "bytes",
                bytes(),
                "evictions",
                evictions.sum());
    }

    @Override
    public OptionalLong maxRemoteRecords() {
        return OptionalLong.of(limits.remote().maxKeys());
    }

    @Override
    public OptionalLong maxRemoteBytes() {
        return OptionalLong.of(limits.remote().maxBytes());
    }

    /** Returns the heap that the records occupy, in bytes; an upper estimate, the one that the limits apply to. */
    public long bytes() {
        return quotas.bytes();
    }

    @Override
    public void close() {
        entries.close();
    }

    private void checkSize(ProviderRecord record) throws StoreException.TooLarge {
        requireFits("key", record.key().bytes().size(), limits.maxKeyBytes(), Option.MAX_KEY_BYTES);
        long addressBytes = 0;
        for (Multiaddr address : record.addresses()) {
            addressBytes += address.bytes().size();
        }
        requireFits("addresses", addressBytes, limits.maxAddressBytes(), Option.MAX_ADDRESS_BYTES);
    }
}
