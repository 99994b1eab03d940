package io.kad.store.rocksdb;

import io.kad.api.id.Bytes;
import io.kad.api.id.Distance;
import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.api.record.ProviderRecord;
import io.kad.store.rocksdb.ProviderUpdater.StoredProvider;
import io.kad.store.rocksdb.database.ColumnFamily;
import io.kad.store.rocksdb.database.KeyEncoding;
import io.kad.store.rocksdb.database.NumberedPeer;
import io.kad.store.rocksdb.database.PrefixIterator;
import io.kad.store.rocksdb.database.ProviderEntry;
import io.kad.store.rocksdb.database.WriteTransaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * Selection of the provider record that a full key or a full store evicts for a new one. Used by one thread, within one write transaction.
 *
 * <p>A full store looks at a sample of its records: at all of them up to {@link #SAMPLE}, and beyond at as many in a row from a random
 * position. An index by distance would cost a write for each added record.
 */
final class ProviderEvictions {

    /**
     * Number of records in a sample. If too low, the evicted record may be far from the farthest; if too high, an add to a full store takes
     * long. Default: 256 (kad's choice; about 0.3 ms).
     */
    static final int SAMPLE = 256;

    /** Number of leading bytes of a key that a random position is drawn from. */
    private static final int POSITION_BYTES = 12;

    private final WriteTransaction transaction;
    private final PeerId self;

    ProviderEvictions(WriteTransaction transaction, PeerId self) {
        this.transaction = transaction;
        this.self = self;
    }

    /** Record of the sample, with what decides on its eviction. */
    private record Candidate(StoredProvider stored, Distance distance, int recordsOfProvider) {}

    /** Returns the remote record of a key that was renewed longest ago, and of those the one that was added first. */
    Optional<StoredProvider> longestNotRenewed(byte[] key) throws RocksDBException {
        byte[] prefix = KeyEncoding.providerPrefix(key);
        StoredProvider oldest = null;
        for (StoredProvider stored : read(prefix, prefix, Integer.MAX_VALUE)) {
            if (oldest == null
                    || stored.entry().renewal().isBefore(oldest.entry().renewal())) {
                oldest = stored;
            }
        }
        return Optional.ofNullable(oldest);
    }

    /**
     * Returns the record to evict for a new one: of the provider with the most records, if it has more than the average share, the one
     * with the farthest key; else the one with the farthest key of all, of those the one renewed longest ago. Empty if the new record would be
     * it.
     *
     * @param total the number of remote records
     */
    Optional<StoredProvider> inFavourOf(ProviderRecord record, long total) throws RocksDBException {
        List<Candidate> sample = sample();
        if (sample.isEmpty()) {
            return Optional.empty();
        }
        int recordsOfNew = 1 + recordsOf(record.provider());
        // each record of the sample stands for total / sample.size() records, so each of its providers for 1 / its
        // records of them
        double providers = sample.stream()
                        .mapToDouble(candidate -> 1.0 / candidate.recordsOfProvider())
                        .sum()
                * total
                / sample.size();
        double averageShare = (total + 1) / (providers + (recordsOfNew == 1 ? 1 : 0)) + 1e-9;
        int most = sample.stream().mapToInt(Candidate::recordsOfProvider).max().getAsInt();
        Distance newDistance = distance(record.key().bytes().toArray());
        if (Math.max(most, recordsOfNew) <= averageShare) {
            return farthest(sample, newDistance);
        }
        if (most >= recordsOfNew) {
            return farthest(
                    sample.stream()
                            .filter(candidate -> candidate.recordsOfProvider() == most)
                            .toList(),
                    null);
        }
        Optional<NumberedPeer> peer = transaction.find(record.provider());
        return farthest(
                sample.stream()
                        .filter(candidate -> peer.isPresent()
                                && candidate.stored().entry().provider()
                                        == peer.get().number())
                        .toList(),
                newDistance);
    }

    /** Returns the farthest of {@code candidates}, unless it is nearer than {@code limit}. */
    private static Optional<StoredProvider> farthest(List<Candidate> candidates, @Nullable Distance limit) {
        return candidates.stream()
                .max(Comparator.comparing(Candidate::distance)
                        .thenComparing(candidate -> candidate.stored().entry().renewal(), Comparator.reverseOrder()))
                .filter(farthest -> limit == null || farthest.distance().compareTo(limit) >= 0)
                .map(Candidate::stored);
    }

    private List<Candidate> sample() throws RocksDBException {
        List<StoredProvider> stored = new ArrayList<>(read(KeyEncoding.empty(), randomPosition(), SAMPLE));
        if (stored.size() < SAMPLE) {
            Set<Bytes> seen = new HashSet<>();
            stored.forEach(each -> seen.add(Bytes.of(each.entryKey())));
            for (StoredProvider each : read(KeyEncoding.empty(), KeyEncoding.empty(), SAMPLE)) {
                if (seen.add(Bytes.of(each.entryKey()))) {
                    stored.add(each);
                }
            }
        }
        Map<Long, Integer> recordsByProvider = new HashMap<>();
        List<Candidate> sample = new ArrayList<>();
        for (StoredProvider each : stored) {
            long number = each.entry().provider();
            Integer records = recordsByProvider.get(number);
            if (records == null) {
                records = Math.max(1, recordsOf(transaction.peer(number)));
                recordsByProvider.put(number, records);
            }
            byte[] key = KeyEncoding.recordKeyOfProvider(each.entryKey());
            sample.add(new Candidate(each, distance(key), records));
        }
        return sample;
    }

    private int recordsOf(PeerId provider) throws RocksDBException {
        return transaction.find(provider).map(NumberedPeer::providers).orElse(0);
    }

    private Distance distance(byte[] key) {
        return self.kadKey().distance(KadKey.hash(Bytes.of(key)));
    }

    /** Returns a position between the first key and the last. */
    private byte[] randomPosition() throws RocksDBException {
        BigInteger first;
        BigInteger last;
        try (PrefixIterator forward =
                        PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDERS, KeyEncoding.empty());
                PrefixIterator backward = PrefixIterator.reversed(transaction.database(), ColumnFamily.PROVIDERS)) {
            if (!forward.isValid() || !backward.isValid()) {
                return KeyEncoding.empty();
            }
            first = new BigInteger(1, Arrays.copyOf(forward.key(), POSITION_BYTES));
            last = new BigInteger(1, Arrays.copyOf(backward.key(), POSITION_BYTES));
        }
        long random = new SplittableRandom(transaction.counters().lastSequence).nextLong() >>> 1;
        BigInteger position = first.add(
                last.subtract(first).multiply(BigInteger.valueOf(random)).shiftRight(Long.SIZE - 1));
        byte[] bytes = position.toByteArray();
        byte[] key = new byte[POSITION_BYTES];
        int length = Math.min(bytes.length, POSITION_BYTES);
        System.arraycopy(bytes, bytes.length - length, key, POSITION_BYTES - length, length);
        return key;
    }

    /** Returns up to {@code limit} remote records from a position on, and those with {@code prefix} that are not committed yet. */
    private List<StoredProvider> read(byte[] prefix, byte[] from, int limit) throws RocksDBException {
        List<StoredProvider> found = new ArrayList<>();
        Set<Bytes> seen = new HashSet<>();
        try (PrefixIterator entries = prefix.length == 0
                ? PrefixIterator.from(transaction.database(), ColumnFamily.PROVIDERS, from)
                : PrefixIterator.withPrefix(transaction.database(), ColumnFamily.PROVIDERS, prefix)) {
            for (; entries.isValid() && found.size() < limit; entries.next()) {
                seen.add(Bytes.of(entries.key()));
                add(entries.key(), found);
            }
            entries.check();
        }
        for (byte[] key : transaction.uncommittedKeys(ColumnFamily.PROVIDERS, prefix)) {
            if (found.size() < limit && seen.add(Bytes.of(key))) {
                add(key, found);
            }
        }
        return found;
    }

    private void add(byte[] entryKey, List<StoredProvider> found) throws RocksDBException {
        byte @Nullable [] value = transaction.get(ColumnFamily.PROVIDERS, entryKey);
        ProviderEntry entry = value == null ? null : ProviderEntry.read(value);
        if (entry != null && !entry.local()) {
            found.add(new StoredProvider(entryKey, entry));
        }
    }
}
