package io.kad.store.rocksdb.database;

import io.kad.api.spi.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Options of the RocksDB stores, parsed from the {@code rocksdb.} options of the configuration. Immutable. */
public final class RocksStoreOptions {

    private static final String PREFIX = "rocksdb.";
    private static final String SYNC = PREFIX + "sync";
    private static final String RECOVERY = PREFIX + "recovery";
    private static final long MANY = 1_000_000_000;
    private static final long MIB = 1 << 20;
    private static final long TIB = 1L << 40;

    private final Map<Option, Long> values;
    private final Sync sync;
    private final Recovery recovery;

    private RocksStoreOptions(Map<Option, Long> values, Sync sync, Recovery recovery) {
        this.values = values;
        this.sync = sync;
        this.recovery = recovery;
    }

    /** Writes that are synced before their call returns. */
    enum Sync {
        /** Writes of local records. */
        OWN,
        /** All writes. */
        ALL,
        /** No writes: a crash of the machine may lose the latest seconds. */
        NONE
    }

    /** Reaction to a corrupted write-ahead log. A truncated tail is normal after a crash and does not count as corruption. */
    enum Recovery {
        /** The store is not opened, so that no loss goes unnoticed. */
        STRICT,
        /** The store is opened with all writes before the corruption; later writes are lost. */
        SALVAGE
    }

    /** Integer option with its default and its range. */
    public enum Option {
        /** The largest number of remote records. */
        MAX_RECORDS(1_000_000, 0, MANY),
        /** The largest number of local records. */
        MAX_LOCAL_RECORDS(10_000_000, 0, MANY),
        /** The largest size of a key, in bytes. */
        MAX_KEY_BYTES(4096, 0, 16 * 1024),
        /** The largest size of a value, in bytes. */
        MAX_VALUE_BYTES(64 * 1024, 0, 64 * MIB),
        /** The largest number of remote provider records. */
        MAX_PROVIDERS(10_000_000, 0, MANY),
        /** The largest number of local provider records. */
        MAX_LOCAL_PROVIDERS(100_000_000, 0, MANY),
        /** The largest number of remote providers per key. */
        MAX_PROVIDERS_PER_KEY(1024, 0, 1_000_000),
        /** The largest number of keys per remote provider. */
        MAX_KEYS_PER_PROVIDER(1_000_000, 0, MANY),
        /** The largest total size of the addresses of a provider, in bytes. */
        MAX_ADDRESS_BYTES(4096, 0, 0xffff),
        /** The size of the block cache in bytes; shared by all column families. Too small: more reads from disk. */
        CACHE_BYTES(cacheBytes(Runtime.getRuntime().maxMemory()), MIB, TIB),
        /** The size of all write buffers in bytes; shared by all column families. Too small: more flushes and write stalls. */
        WRITE_BUFFER_BYTES(CACHE_BYTES.defaultValue, MIB, TIB),
        /** The largest number of open files. */
        MAX_OPEN_FILES(256, 16, 1_000_000),
        /** The largest number of concurrent flushes and compactions. */
        BACKGROUND_JOBS(2, 1, 64),
        /** The size of the write-ahead log, in bytes, at which it is flushed to files. */
        MAX_LOG_BYTES(64 * MIB, MIB, TIB),
        /**
         * The size of all files but the log, and of the data only in the log, at which writes that add entries are refused, in
         * bytes; 0 for no limit.
         */
        MAX_DISK_BYTES(0, 0, TIB);

        private final String key;
        private final long defaultValue;
        private final long min;
        private final long max;

        Option(long defaultValue, long min, long max) {
            this.key = PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
            this.defaultValue = defaultValue;
            this.min = min;
            this.max = max;
        }
    }

    /** Returns the default size of a cache, which is outside the heap: an eighth of the maximum heap, from 4 to 32 MiB. So a small container has room. */
    static long cacheBytes(long maxHeapBytes) {
        return Math.max(4 * MIB, Math.min(maxHeapBytes / 8, 32 * MIB));
    }

    /**
     * Parses options; those of other plug-ins are ignored.
     *
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    public static RocksStoreOptions parse(Map<String, String> options) {
        Map<Option, Long> values = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            values.put(option, option.defaultValue);
        }
        List<String> problems = new ArrayList<>();
        Map<String, String> rest = new TreeMap<>(options);
        Sync sync = choice(SYNC, rest.remove(SYNC), Sync.OWN, problems);
        Recovery recovery = choice(RECOVERY, rest.remove(RECOVERY), Recovery.STRICT, problems);
        rest.forEach((key, value) -> {
            if (key.startsWith(PREFIX)) {
                read(key, value, values).ifPresent(problems::add);
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return new RocksStoreOptions(values, sync, recovery);
    }

    private static <E extends Enum<E>> E choice(
            String key, @Nullable String text, E defaultValue, List<String> problems) {
        if (text == null) {
            return defaultValue;
        }
        E[] values = defaultValue.getDeclaringClass().getEnumConstants();
        for (E value : values) {
            if (word(value).equals(text.trim())) {
                return value;
            }
        }
        String words = Arrays.stream(values, 0, values.length - 1)
                .map(RocksStoreOptions::word)
                .collect(Collectors.joining(", "));
        problems.add(key + ": expected " + words + " or " + word(values[values.length - 1]) + ", got '" + text + "'");
        return defaultValue;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> read(String key, String text, Map<Option, Long> values) {
        Optional<Option> known = Arrays.stream(Option.values())
                .filter(option -> option.key.equals(key))
                .findFirst();
        if (known.isEmpty()) {
            return Optional.of("unknown option '" + key + "'; known: " + SYNC + ", " + RECOVERY + ", "
                    + Arrays.stream(Option.values()).map(option -> option.key).collect(Collectors.joining(", ")));
        }
        Option option = known.get();
        Optional<Long> value = number(text).filter(number -> number >= option.min && number <= option.max);
        value.ifPresent(number -> values.put(option, number));
        return value.isPresent()
                ? Optional.empty()
                : Optional.of(key + ": expected an integer from " + option.min + " to " + option.max + ", got '" + text
                        + "'");
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns every option by its name, with its value. */
    public Map<String, String> effective() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(SYNC, word(sync));
        all.put(RECOVERY, word(recovery));
        values.forEach((option, value) -> all.put(option.key, String.valueOf(value)));
        return all;
    }

    public long get(Option option) {
        return values.getOrDefault(option, option.defaultValue);
    }

    int size(Option option) {
        return Math.toIntExact(get(option));
    }

    Recovery recovery() {
        return recovery;
    }

    /**
     * Returns whether a write must be synced before its call returns.
     *
     * @param local whether it writes a local record
     */
    public boolean syncs(boolean local) {
        return sync == Sync.ALL || (local && sync == Sync.OWN);
    }

    /**
     * Checks the size of one part of a record.
     *
     * @param part the part, such as {@code key}
     */
    public void requireFits(int bytes, Option limit, String part) throws StoreException.TooLarge {
        if (bytes > get(limit)) {
            throw StoreException.TooLarge.exceeded(part, bytes, get(limit), limit.key);
        }
    }

    /**
     * Returns the exception for a reached limit.
     *
     * @param unit the things that are counted, such as {@code remote records}
     */
    public StoreException.Full full(Option limit, String unit) {
        return StoreException.Full.reached(get(limit), unit, limit.key);
    }

    /**
     * Returns the exception for a reached limit of one provider.
     *
     * @param unit the things that are counted, such as {@code keys per remote provider}
     */
    public StoreException.ShareReached shareReached(Option limit, String unit) {
        return new StoreException.ShareReached(get(limit), unit, limit.key);
    }
}
