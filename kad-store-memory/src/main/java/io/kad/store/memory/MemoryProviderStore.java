package io.kad.store.memory;

import static io.kad.api.spi.store.Page.requirePositive;
import static io.kad.store.memory.MemoryStoreOptions.requireFits;
import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.EntryTable.ChangeResult;
import io.kad.store.memory.MemoryStoreOptions.Option;
import io.kad.store.memory.QuotaTracker.Content;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Bounded provider store in memory. A full store or key refuses new providers; it never evicts.
 *
 * <p>Pages are in the order of the bytes of the keys. Thread-safe; never blocks.
 */
public final class MemoryProviderStore implements ProviderStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Providers limits;
    private final QuotaTracker quotas;
    private final KeyIndex<ProviderSet> localKeys =
            new KeyIndex<>(set -> set.localRecord().isPresent());
    private final ProviderCounts counts = new ProviderCounts();
    private final EntryTable<ProviderSet> entries;

    /**
     * Creates an empty store.
     *
     * @param self the local peer, whose provider records are local
     * @param clock the wall clock that decides which records are expired
     */
    public MemoryProviderStore(PeerId self, InstantSource clock, MemoryStoreLimits.Providers limits) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.quotas = new QuotaTracker(Content.PROVIDER_RECORDS, limits.local(), limits.remote());
        this.entries = new EntryTable<>(clock, quotas, List.of(localKeys, counts), (evicted, closer) -> {});
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
        List<ProviderRecord> records = live(set, now);
        int index = indexOf(record.provider(), records);
        if (record.isExpired(now)) {
            if (index >= 0) {
                records.remove(index);
            }
        } else if (index >= 0) {
            records.set(index, record);
        } else {
            requireRoom(record, records);
            records.add(record);
        }
        return new ChangeResult<>(ProviderSet.of(self, records), index >= 0);
    }

    private void requireRoom(ProviderRecord record, List<ProviderRecord> records) throws StoreException.Full {
        if (record.provider().equals(self)) {
            return;
        }
        int remote = indexOf(self, records) >= 0 ? records.size() - 1 : records.size();
        if (remote >= limits.maxPerKey()) {
            throw StoreException.Full.reached(
                    limits.maxPerKey(), "remote providers per key", Option.MAX_PROVIDERS_PER_KEY.key());
        }
        if (counts.of(record.provider()) >= limits.maxPerProvider()) {
            throw StoreException.Full.reached(
                    limits.maxPerProvider(), "keys per remote provider", Option.MAX_KEYS_PER_PROVIDER.key());
        }
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
            List<ProviderRecord> records = live(set, now);
            int index = indexOf(provider, records);
            removed.set(index >= 0);
            if (index < 0) {
                return new ChangeResult<>(set, true);
            }
            records.remove(index);
            return new ChangeResult<>(ProviderSet.of(self, records), true);
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

    /** Returns {@code providers}, the number of records, and {@code bytes}, the heap that they occupy. */
    @Override
    public Map<String, Long> statistics() throws StoreException {
        return Map.of("providers", size(), "bytes", bytes());
    }

    /** Returns the heap that the records occupy, in bytes; an upper estimate, the one that the limits apply to. */
    public long bytes() {
        return quotas.bytes();
    }

    @Override
    public void close() {
        entries.close();
    }

    /** Returns a modifiable copy of the records that are not expired. */
    private static List<ProviderRecord> live(@Nullable ProviderSet set, Instant now) {
        return set == null ? new ArrayList<>() : new ArrayList<>(set.live(now));
    }

    private static int indexOf(PeerId provider, List<ProviderRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).provider().equals(provider)) {
                return i;
            }
        }
        return -1;
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
