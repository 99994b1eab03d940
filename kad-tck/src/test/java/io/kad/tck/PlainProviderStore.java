package io.kad.tck;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import io.kad.api.spi.StoreListener;
import io.kad.api.spi.store.Page;
import io.kad.api.spi.store.ProviderStore;
import io.kad.api.spi.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A provider store that is right and simple: a sorted map of lists behind one lock. Subclasses break one rule. */
class PlainProviderStore implements ProviderStore {

    final SpiContext context;
    final ProviderStoreFixture.Limits limits;
    final TreeMap<Bytes, List<ProviderRecord>> held = new TreeMap<>();
    private boolean closed;

    private final Map<Place, Instant> renewals = new HashMap<>();

    /** A key and one of its providers. */
    private record Place(RecordKey key, PeerId provider) {}

    PlainProviderStore(SpiContext context, ProviderStoreFixture.Limits limits) {
        this.context = context;
        this.limits = limits;
    }

    @Override
    public boolean mayBlock() {
        return false;
    }

    @Override
    public synchronized void add(ProviderRecord record) throws StoreException {
        requireOpen();
        removeExpired(Integer.MAX_VALUE);
        List<ProviderRecord> records = held.getOrDefault(record.key().bytes(), List.of());
        int place = indexOf(record.provider(), records);
        if (!isLive(record)) {
            remove(record.key(), record.provider());
            return;
        }
        admit(record, records, place);
        List<ProviderRecord> changed =
                new ArrayList<>(held.getOrDefault(record.key().bytes(), List.of()));
        put(record, indexOf(record.provider(), changed), changed);
        held.put(record.key().bytes(), changed);
        renewed(record, context.clock().instant());
        changed();
    }

    /** Called when what is held has changed. */
    void changed() throws StoreException {}

    void put(ProviderRecord record, int place, List<ProviderRecord> records) {
        if (place >= 0) {
            records.set(place, record);
        } else {
            records.add(record);
        }
    }

    void admit(ProviderRecord record, List<ProviderRecord> records, int place) throws StoreException {
        if (place >= 0) {
            return;
        }
        if (!hasPlaceForProvider(record)) {
            throw new StoreException.ShareReached(limits.remotePerProvider(), "keys per remote provider", "none");
        }
        List<ProviderRecord> rest = records;
        while (!hasPlaceForKey(record, rest)) {
            evict(oldest(rest.stream().filter(other -> !isOwn(other)).toList()));
            rest = held.getOrDefault(record.key().bytes(), List.of());
        }
        while (!hasPlaceInAll(record, rest)) {
            if (isOwn(record)) {
                throw new StoreException.Full("local providers");
            }
            Optional<ProviderRecord> named = named(record);
            if (named.isPresent() && named.get().equals(record)) {
                throw new StoreException.Full("providers");
            }
            evict(named.isPresent() ? named.get() : victim(record));
        }
    }

    /** Returns the first stored record that the listener names, or the new one if that comes first. */
    Optional<ProviderRecord> named(ProviderRecord record) {
        Iterator<StoreListener.Provided> names =
                context.listener().providersOverShare(new StoreListener.Provided(record.key(), record.provider()));
        while (names.hasNext()) {
            StoreListener.Provided name = names.next();
            if (name.key().equals(record.key()) && name.provider().equals(record.provider())) {
                return Optional.of(record);
            }
            Optional<ProviderRecord> named = held.getOrDefault(name.key().bytes(), List.of()).stream()
                    .filter(other -> other.provider().equals(name.provider()) && !isOwn(other))
                    .findFirst();
            read(names, named.isPresent());
            if (named.isPresent()) {
                return named;
            }
        }
        return Optional.empty();
    }

    /** Called when a name was read. */
    void read(Iterator<?> names, boolean isHeld) {
        if (!isHeld) {
            names.remove();
        }
    }

    /** Returns the record to evict, of all remote ones and the new one. */
    ProviderRecord victim(ProviderRecord record) throws StoreException.Full {
        List<ProviderRecord> all = new ArrayList<>(List.of(record));
        held.values()
                .forEach(each ->
                        all.addAll(each.stream().filter(other -> !isOwn(other)).toList()));
        Map<PeerId, List<ProviderRecord>> byProvider =
                all.stream().collect(Collectors.groupingBy(ProviderRecord::provider));
        List<ProviderRecord> most = byProvider.values().stream()
                .max(Comparator.<List<ProviderRecord>>comparingInt(List::size)
                        .thenComparing(each -> !each.contains(record)))
                .orElseThrow();
        List<ProviderRecord> candidates = most.size() * byProvider.size() > all.size() ? most : all;
        ProviderRecord victim = candidates.stream()
                .max(Comparator.comparing(
                        other -> context.self().kadKey().distance(other.key().kadKey())))
                .orElseThrow();
        if (victim.equals(record)) {
            throw new StoreException.Full("providers");
        }
        return victim;
    }

    final ProviderRecord oldest(List<ProviderRecord> records) {
        return records.stream().min(Comparator.comparing(this::renewal)).orElseThrow();
    }

    final void renewed(ProviderRecord record, Instant time) {
        renewals.put(new Place(record.key(), record.provider()), time);
    }

    final Instant renewal(ProviderRecord record) {
        return renewals.getOrDefault(new Place(record.key(), record.provider()), Instant.EPOCH);
    }

    private void evict(ProviderRecord record) {
        List<ProviderRecord> records =
                new ArrayList<>(held.getOrDefault(record.key().bytes(), List.of()));
        records.remove(record);
        replace(record.key().bytes(), records);
        evicted(record);
    }

    void evicted(ProviderRecord record) {
        context.listener().providerEvicted(record.key(), record.provider());
    }

    boolean hasPlaceForProvider(ProviderRecord record) {
        return isOwn(record) || countOf(record.provider()) < limits.remotePerProvider();
    }

    long countOf(PeerId provider) {
        return held.values().stream()
                .flatMap(List::stream)
                .filter(other -> other.provider().equals(provider))
                .count();
    }

    boolean hasPlaceForKey(ProviderRecord record, List<ProviderRecord> records) {
        return isOwn(record) || records.stream().filter(other -> !isOwn(other)).count() < limits.remotePerKey();
    }

    boolean hasPlaceInAll(ProviderRecord record, List<ProviderRecord> records) {
        boolean own = isOwn(record);
        return records.stream().anyMatch(other -> isOwn(other) == own)
                || keys(own) < (own ? limits.local() : limits.remote());
    }

    long keys(boolean own) {
        return held.values().stream()
                .filter(records -> records.stream().anyMatch(record -> isOwn(record) == own))
                .count();
    }

    boolean isOwn(ProviderRecord record) {
        return record.provider().equals(context.self());
    }

    boolean isLive(ProviderRecord record) {
        return !record.isExpired(context.clock().instant());
    }

    @Override
    public synchronized List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException {
        requireOpen();
        return held.getOrDefault(key.bytes(), List.of()).stream()
                .filter(this::isLive)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized boolean remove(RecordKey key, PeerId provider) throws StoreException {
        requireOpen();
        List<ProviderRecord> records = new ArrayList<>(held.getOrDefault(key.bytes(), List.of()));
        int place = indexOf(provider, records);
        if (place < 0) {
            return false;
        }
        ProviderRecord removed = records.remove(place);
        replace(key.bytes(), records);
        changed();
        return isLive(removed);
    }

    @Override
    public synchronized Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException {
        requireOpen();
        List<ProviderRecord> items = new ArrayList<>();
        for (List<ProviderRecord> records : (after.isPresent() ? held.tailMap(after.get(), false) : held).values()) {
            for (ProviderRecord record : records) {
                if (isPaged(record)) {
                    if (items.size() == limit) {
                        return new Page<>(
                                items, Optional.of(items.get(limit - 1).key().bytes()));
                    }
                    items.add(record);
                }
            }
        }
        return new Page<>(items, Optional.empty());
    }

    boolean isPaged(ProviderRecord record) {
        return isOwn(record) && isLive(record);
    }

    @Override
    public synchronized int removeExpired(int limit) throws StoreException {
        requireOpen();
        int removed = 0;
        for (Bytes key : List.copyOf(held.keySet())) {
            List<ProviderRecord> records = new ArrayList<>(held.getOrDefault(key, List.of()));
            for (Iterator<ProviderRecord> each = records.iterator(); each.hasNext() && removed < limit; ) {
                if (!isLive(each.next())) {
                    each.remove();
                    removed++;
                }
            }
            replace(key, records);
        }
        return removed;
    }

    private void replace(Bytes key, List<ProviderRecord> records) {
        if (records.isEmpty()) {
            held.remove(key);
        } else {
            held.put(key, records);
        }
    }

    @Override
    public synchronized long size() throws StoreException {
        requireOpen();
        return held.values().stream().mapToLong(List::size).sum();
    }

    @Override
    public synchronized void close() throws StoreException {
        closed = true;
    }

    void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException.Closed("closed");
        }
    }

    private static int indexOf(PeerId provider, List<ProviderRecord> records) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i).provider().equals(provider)) {
                return i;
            }
        }
        return -1;
    }
}
