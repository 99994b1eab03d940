package io.kad.store.memory;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.StoreListener;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Index of the remote provider records by provider and by distance of their key from the local peer; selects those that a full store evicts.
 * Expired records that were not removed yet are included. Not thread-safe: used under the lock of the table.
 *
 * <p>The records that the listener of the store names go first: those of address ranges that keep more than their fair share. Then
 * the provider with the most records is the first to give one up, if it has more than the average share: the number of remote records
 * divided by that of their providers. It gives up the one with the farthest key. If no provider has more, the farthest key of all gives up the
 * record that was renewed longest ago. The new record takes part: a store that would evict it next refuses it.
 *
 * <p>At the limit of keys, a record that shares its key with other remote ones makes no room, so it stays, and the farthest key gives up all its
 * remote records. One that was named goes nonetheless if bytes are missing then.
 */
final class ProviderIndex implements EntryIndex<ProviderSet>, EvictionRule<ProviderSet> {

    /**
     * Limit of the evictions for one record, each of another record or of a whole key; a record needs more only if many small ones make room
     * for a large one.
     */
    private static final int MAX_EVICTIONS = 64;

    /** Limit of the keys of a provider over the average share of which one without other remote providers is looked for. Source: kad's choice. */
    private static final int MAX_KEYS_SEARCHED = 256;

    private final PeerId self;
    private final KadKey selfKey;
    private final StoreListener listener;
    private final Consumer<ProviderRecord> onRemoved;
    private final Map<PeerId, NavigableMap<Distance, Bytes>> keysByProvider = new HashMap<>();
    private final NavigableSet<Rank> ranks = new TreeSet<>(Comparator.comparingInt(Rank::records)
            .reversed()
            .thenComparing(rank -> rank.provider().bytes()));
    private final NavigableMap<Distance, Bytes> keys = new TreeMap<>();
    private long records;

    /** A provider and the number of its records. */
    private record Rank(int records, PeerId provider) {}

    /**
     * Creates an empty index.
     *
     * @param listener names the records that are evicted first
     * @param onRemoved called, under the lock of the table, with each remote record that leaves it for whatever reason
     */
    ProviderIndex(PeerId self, StoreListener listener, Consumer<ProviderRecord> onRemoved) {
        this.self = self;
        this.listener = listener;
        this.onRemoved = onRemoved;
        this.selfKey = self.kadKey();
    }

    private Distance distance(Bytes key) {
        return selfKey.distance(KadKey.hash(key));
    }

    @Override
    public void onChange(Bytes key, @Nullable ProviderSet previous, @Nullable ProviderSet next) {
        List<ProviderRecord> before = previous == null ? List.of() : previous.records();
        List<ProviderRecord> after = next == null ? List.of() : next.records();
        if (haveSameProviders(before, after)) {
            return;
        }
        Distance distance = distance(key);
        // A change keeps the order of the records and adds new ones last, so that one walk over both lists finds it
        int kept = 0;
        for (ProviderRecord record : before) {
            if (kept < after.size() && after.get(kept).provider().equals(record.provider())) {
                kept++;
            } else {
                change(record.provider(), providerKeys -> providerKeys.remove(distance));
                if (!record.provider().equals(self)) {
                    onRemoved.accept(record);
                }
            }
        }
        for (ProviderRecord record : after.subList(kept, after.size())) {
            change(record.provider(), providerKeys -> providerKeys.put(distance, key));
        }
        if (next != null && next.remote() > 0) {
            keys.put(distance, key);
        } else {
            keys.remove(distance);
        }
    }

    /** Returns whether a change has only renewed records, of which nothing is indexed but the provider and the key. */
    private static boolean haveSameProviders(List<ProviderRecord> before, List<ProviderRecord> after) {
        if (before.size() != after.size()) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).provider().equals(after.get(i).provider())) {
                return false;
            }
        }
        return true;
    }

    private void change(PeerId provider, Consumer<NavigableMap<Distance, Bytes>> change) {
        if (provider.equals(self)) {
            return;
        }
        NavigableMap<Distance, Bytes> providerKeys = keysByProvider.computeIfAbsent(provider, added -> new TreeMap<>());
        int before = providerKeys.size();
        ranks.remove(new Rank(before, provider));
        change.accept(providerKeys);
        records += providerKeys.size() - before;
        if (providerKeys.isEmpty()) {
            keysByProvider.remove(provider);
        } else {
            ranks.add(new Rank(providerKeys.size(), provider));
        }
    }

    @Override
    public void clear() {
        keysByProvider.clear();
        ranks.clear();
        keys.clear();
        records = 0;
    }

    /** Returns the number of keys that a remote provider provides. */
    int of(PeerId provider) {
        NavigableMap<Distance, Bytes> providerKeys = keysByProvider.get(provider);
        return providerKeys == null ? 0 : providerKeys.size();
    }

    @Override
    public Candidates<ProviderSet> candidates(
            Bytes key, @Nullable ProviderSet entry, ProviderSet next, Function<Bytes, @Nullable ProviderSet> entries) {
        PeerId newest = next.records().get(next.records().size() - 1).provider();
        boolean isNew = entry == null || entry.indexOf(newest) < 0;
        return isNew && !newest.equals(self) ? new Plan(key, next, newest, entries) : needsKey -> Optional.empty();
    }

    /** Evictions for one new record, which change the index only afterwards. */
    private final class Plan implements Candidates<ProviderSet> {

        private final Bytes newKey;
        private final Distance newDistance;
        private final PeerId newProvider;
        private final StoreListener.Provided incoming;
        private final Function<Bytes, @Nullable ProviderSet> entries;
        private final Map<Bytes, Optional<ProviderSet>> changed = new HashMap<>();
        private final Map<PeerId, Integer> evictedOf = new HashMap<>();
        private final Set<PeerId> emptied = new HashSet<>();
        private final Iterator<StoreListener.Provided> overShare;
        /** Records that were named and share their keys, which make room once bytes are missing. */
        private final Deque<StoreListener.Provided> sharingKeys = new ArrayDeque<>();

        private int evictions;
        private int evictedRecords;

        Plan(Bytes newKey, ProviderSet next, PeerId newProvider, Function<Bytes, @Nullable ProviderSet> entries) {
            this.newKey = newKey;
            this.newDistance = distance(newKey);
            this.newProvider = newProvider;
            this.incoming = new StoreListener.Provided(RecordKey.of(newKey), newProvider);
            this.overShare = listener.providersOverShare(incoming);
            this.entries = entries;
            changed.put(newKey, Optional.of(next));
        }

        @Override
        public Optional<Eviction<ProviderSet>> next(boolean needsKey) {
            if (evictions == MAX_EVICTIONS) {
                return Optional.empty();
            }
            for (StoreListener.Provided named = nextNamed(needsKey); named != null; named = nextNamed(needsKey)) {
                if (named.equals(incoming)) {
                    return Optional.empty();
                }
                ProviderSet set = present(named.key().bytes());
                if (set == null || set.indexOf(named.provider()) < 0) {
                    continue;
                }
                if (makesRoom(set, needsKey)) {
                    return Optional.of(evict(named.key().bytes(), set, named.provider()));
                }
                sharingKeys.add(named);
            }
            PeerId greatest = greatest();
            if (!isOverAverageShare(greatest)) {
                return fromFarthestKey(needsKey);
            }
            Optional<Eviction<ProviderSet>> eviction = fromProvider(greatest, needsKey);
            return eviction.isPresent() || !needsKey || greatest.equals(newProvider)
                    ? eviction
                    : fromFarthestKey(needsKey);
        }

        /** Returns the next name of a stored record, or that of the new one; null for none. Removes names of what is not stored. */
        private StoreListener.@Nullable Provided nextNamed(boolean needsKey) {
            if (!needsKey && !sharingKeys.isEmpty()) {
                return sharingKeys.remove();
            }
            while (overShare.hasNext()) {
                StoreListener.Provided named = overShare.next();
                if (named.equals(incoming) || isStored(named)) {
                    return named;
                }
                overShare.remove();
            }
            return null;
        }

        private boolean isStored(StoreListener.Provided named) {
            ProviderSet set = entries.apply(named.key().bytes());
            return set != null && !named.provider().equals(self) && set.indexOf(named.provider()) >= 0;
        }

        private boolean makesRoom(ProviderSet set, boolean needsKey) {
            return !needsKey || set.remote() == 1;
        }

        private int count(PeerId provider) {
            return of(provider) - evictedOf.getOrDefault(provider, 0) + (provider.equals(newProvider) ? 1 : 0);
        }

        /** Returns the provider with the most records; of equal ones another than that of the new record. */
        private PeerId greatest() {
            PeerId greatest = newProvider;
            int most = count(newProvider) - 1;
            for (Rank rank : ranks) {
                if (rank.records() <= most) {
                    break;
                }
                int count = count(rank.provider()) - (rank.provider().equals(newProvider) ? 1 : 0);
                if (count > most) {
                    most = count;
                    greatest = rank.provider();
                }
            }
            return count(greatest) >= count(newProvider) ? greatest : newProvider;
        }

        private boolean isOverAverageShare(PeerId provider) {
            int providers = keysByProvider.size() - emptied.size() + (of(newProvider) == 0 ? 1 : 0);
            return (long) count(provider) * providers > records - evictedRecords + 1;
        }

        private Optional<Eviction<ProviderSet>> fromProvider(PeerId provider, boolean needsKey) {
            NavigableMap<Distance, Bytes> providerKeys = keysByProvider.get(provider);
            if (providerKeys == null) {
                return Optional.empty();
            }
            int searched = 0;
            for (Map.Entry<Distance, Bytes> farthest :
                    providerKeys.descendingMap().entrySet()) {
                if (needsKey && ++searched > MAX_KEYS_SEARCHED) {
                    return Optional.empty();
                }
                if (provider.equals(newProvider) && farthest.getKey().compareTo(newDistance) < 0) {
                    return Optional.empty();
                }
                ProviderSet set = present(farthest.getValue());
                if (set != null && set.indexOf(provider) >= 0 && makesRoom(set, needsKey)) {
                    return Optional.of(evict(farthest.getValue(), set, provider));
                }
            }
            return Optional.empty();
        }

        private Optional<Eviction<ProviderSet>> fromFarthestKey(boolean needsKey) {
            for (Map.Entry<Distance, Bytes> farthest : keys.descendingMap().entrySet()) {
                Bytes key = farthest.getValue();
                if (farthest.getKey().compareTo(newDistance) < 0) {
                    return Optional.empty();
                }
                ProviderSet set = present(key);
                Optional<PeerId> oldest = set == null ? Optional.empty() : set.longestNotRenewed();
                if (set == null || oldest.isEmpty()) {
                    continue;
                }
                if (needsKey) {
                    return Optional.of(evict(key, set, provider -> !provider.equals(self)));
                }
                return oldest.get().equals(newProvider) && key.equals(newKey)
                        ? Optional.empty()
                        : Optional.of(evict(key, set, oldest.get()));
            }
            return Optional.empty();
        }

        private @Nullable ProviderSet present(Bytes key) {
            Optional<ProviderSet> planned = changed.get(key);
            return planned == null ? entries.apply(key) : planned.orElse(null);
        }

        private Eviction<ProviderSet> evict(Bytes key, ProviderSet set, PeerId provider) {
            return evict(key, set, provider::equals);
        }

        private Eviction<ProviderSet> evict(Bytes key, ProviderSet set, Predicate<PeerId> evicted) {
            ProviderSet rest = set.without(record -> evicted.test(record.provider()), Integer.MAX_VALUE);
            changed.put(key, Optional.ofNullable(rest));
            evictions++;
            for (ProviderRecord record : set.records()) {
                PeerId provider = record.provider();
                if (evicted.test(provider)) {
                    evictedRecords++;
                    if (evictedOf.merge(provider, 1, Integer::sum) == of(provider)) {
                        emptied.add(provider);
                    }
                }
            }
            return new Eviction<>(key, rest);
        }
    }
}
