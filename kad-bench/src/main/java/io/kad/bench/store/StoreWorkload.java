package io.kad.bench.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Records and provider records of remote peers in random order; the same in each run. */
final class StoreWorkload {

    static final PeerId SELF = PeerId.fromPublicKey(Bytes.utf8("benchmark"));
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final int PROVIDERS_PER_KEY = 10;

    private static final int VALUE_BYTES = 1024;
    private static final int KEYS_PER_PEER = 50;
    private static final Duration TIME_TO_LIVE = Duration.ofDays(2);

    private final List<Record> records;
    private final List<ProviderRecord> providers;

    /** Creates {@code records} records of 1 KiB and {@code providers} provider records, ten per key. */
    StoreWorkload(int records, int providers) {
        List<PeerId> peers = peers(Math.max(PROVIDERS_PER_KEY, providers / KEYS_PER_PEER));
        Random random = new Random(1);
        this.records = shuffled(IntStream.range(0, records)
                .mapToObj(i -> new Record(
                        key(i),
                        value(random),
                        Optional.of(peers.get(i % peers.size())),
                        Optional.of(NOW.plus(TIME_TO_LIVE).plusMillis(i)),
                        Optional.of(NOW)))
                .toList());
        this.providers = shuffled(IntStream.range(0, providers)
                .mapToObj(i -> new ProviderRecord(
                        key(i / PROVIDERS_PER_KEY),
                        peers.get((i * 7 + i / PROVIDERS_PER_KEY) % peers.size()),
                        List.of(address(i), address(i + 1)),
                        Optional.of(NOW.plus(TIME_TO_LIVE).plusMillis(i))))
                .toList());
    }

    private static List<PeerId> peers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PeerId.fromPublicKey(Bytes.utf8("peer " + i)))
                .toList();
    }

    private static <T> List<T> shuffled(List<T> items) {
        List<T> all = new ArrayList<>(items);
        Collections.shuffle(all, new Random(2));
        return all;
    }

    /** Returns the key with that number, of the length of a SHA-256 multihash. */
    static RecordKey key(int number) {
        byte[] key = new byte[34];
        new Random(number).nextBytes(key);
        return RecordKey.of(Bytes.of(key));
    }

    private static Bytes value(Random random) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        return Bytes.of(value);
    }

    private static Multiaddr address(int number) {
        return Multiaddr.parse(
                "/ip4/10." + (number >> 16 & 255) + "." + (number >> 8 & 255) + "." + (number & 255) + "/tcp/4001");
    }

    List<Record> records() {
        return records;
    }

    List<ProviderRecord> providers() {
        return providers;
    }

    /** Splits {@code items} into batches of up to {@code size}. */
    static <T> List<List<T>> batches(List<T> items, int size) {
        List<List<T>> batches = new ArrayList<>();
        for (int from = 0; from < items.size(); from += size) {
            batches.add(items.subList(from, Math.min(items.size(), from + size)));
        }
        return batches;
    }
}
