package io.kad.store.memory;

import static io.kad.store.memory.MemoryRecordStore.requirePositive;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A bounded provider store in memory. Pages come in the order of the bytes of the keys. Thread-safe; never blocks. */
public final class MemoryProviderStore implements ProviderStore {

    private final PeerId self;
    private final InstantSource clock;
    private final MemoryStoreLimits.Providers limits;
    private final QuotaTracker quotas;
    private final KeyIndex<ProviderSet> localKeys =
            new KeyIndex<>(held -> held.localRecord().isPresent());
    private final ProviderCounts counts = new ProviderCounts();
    private final EntryTable<ProviderSet> entries;

    /**
     * Creates an empty store.
     *
     * @param self the peer whose provider records are own ones
     * @param clock the wall clock by which records expire
     */
    public MemoryProviderStore(PeerId self, InstantSource clock, MemoryStoreLimits.Providers limits) {
        this.self = requireNonNull(self, "self");
        this.clock = requireNonNull(clock, "clock");
        this.limits = requireNonNull(limits, "limits");
        this.quotas = new QuotaTracker("provider records", limits.local(), limits.remote());
        this.entries = new EntryTable<>(clock, quotas, List.of(localKeys, counts), (gone, nearer) -> {});
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public void add(ProviderRecord record) throws StoreException {
        requireFits(record);
        entries.change(record.key().bytes(), (held, now) -> added(record, held, now));
    }

    private ChangeResult<ProviderSet> added(ProviderRecord record, @Nullable ProviderSet held, Instant now)
            throws StoreException {
        List<ProviderRecord> records = held == null ? new ArrayList<>() : new ArrayList<>(held.live(now));
        int place = indexOf(record.provider(), records);
        if (record.isExpired(now)) {
            if (place >= 0) {
                records.remove(place);
            }
        } else if (place >= 0) {
            records.set(place, record);
        } else {
            requireRoom(record, records);
            records.add(record);
        }
        return new ChangeResult<>(ProviderSet.of(self, records), place >= 0);
    }

    private void requireRoom(ProviderRecord record, List<ProviderRecord> records) throws StoreException.Full {
        if (record.provider().equals(self)) {
            return;
        }
        int foreign = indexOf(self, records) >= 0 ? records.size() - 1 : records.size();
        if (foreign >= limits.maxPerKey()) {
            throw new StoreException.Full("no room for more than " + limits.maxPerKey() + " providers of one key");
        }
        if (counts.of(record.provider()) >= limits.maxPerProvider()) {
            throw new StoreException.Full("no room for more than " + limits.maxPerProvider() + " keys of one provider");
        }
    }

    @Override
    public List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        requirePositive(limit);
        ProviderSet held = entries.get(key.bytes());
        if (held == null) {
            return List.of();
        }
        List<ProviderRecord> live = held.live(clock.instant());
        return live.size() <= limit ? live : live.subList(0, limit);
    }

    @Override
    public boolean remove(RecordKey key, PeerId provider) throws StoreException {
        AtomicBoolean removed = new AtomicBoolean();
        entries.change(key.bytes(), (held, now) -> {
            List<ProviderRecord> records = held == null ? new ArrayList<>() : new ArrayList<>(held.live(now));
            int place = indexOf(provider, records);
            removed.set(place >= 0);
            if (place < 0) {
                return new ChangeResult<>(held, true);
            }
            records.remove(place);
            return new ChangeResult<>(ProviderSet.of(self, records), true);
        });
        return removed.get();
    }

    @Override
    public Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        requirePositive(limit);
        Instant now = clock.instant();
        return entries.page(localKeys, after, limit, held -> held.localRecord().filter(record -> !record.isExpired(now)));
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

    /** Returns {@code providers}, the number of records, and their heap as {@code bytes}. */
    @Override
    public Map<String, Long> statistics() throws StoreException {
        return Map.of("providers", size(), "bytes", bytes());
    }

    /** Returns the heap that the records take, in bytes, estimated from above as the limits count it. */
    public long bytes() {
        return quotas.bytes();
    }

    @Override
    public void close() {
        entries.close();
    }

    private static int indexOf(PeerId provider, List<ProviderRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).provider().equals(provider)) {
                return i;
            }
        }
        return -1;
    }

    private void requireFits(ProviderRecord record) throws StoreException.TooLarge {
        int keyBytes = record.key().bytes().size();
        if (keyBytes > limits.maxKeyBytes()) {
            throw new StoreException.TooLarge(
                    "a key of " + keyBytes + " bytes; at most " + limits.maxKeyBytes() + " are taken");
        }
        long addressBytes = 0;
        for (Multiaddr address : record.addresses()) {
            addressBytes += address.bytes().size();
        }
        if (addressBytes > limits.maxAddressBytes()) {
            throw new StoreException.TooLarge(
                    "addresses of " + addressBytes + " bytes; at most " + limits.maxAddressBytes() + " are taken");
        }
    }
}
