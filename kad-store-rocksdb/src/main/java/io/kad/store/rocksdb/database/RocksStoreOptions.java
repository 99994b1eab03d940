package io.kad.store.rocksdb.database;

import io.kad.api.spi.store.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options of the stores in RocksDB. */
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

    /** Which writes are on the disk when their call returns. */
    enum Sync {
        /** Those of own records. */
        OWN,
        /** Every one. */
        ALL,
        /** None: a machine that dies may lose the last seconds. */
        NONE
    }

    /** What is done when the write-ahead log is damaged; that its end is missing is no damage, but what a crash leaves. */
    enum Recovery {
        /** The store is not opened: nothing is lost without being told. */
        STRICT,
        /** The store is opened as it was before what is damaged; what was written after that is lost. */
        SALVAGE
    }

    /** One option with its default and its range. */
    public enum Option {
        /** How many records of others are held. */
        MAX_RECORDS(1_000_000, 0, MANY),
        /** How many own records are held. */
        MAX_OWN_RECORDS(10_000_000, 0, MANY),
        /** The longest key, in bytes. */
        MAX_KEY_BYTES(4096, 0, 16 * 1024),
        /** The largest value, in bytes. */
        MAX_VALUE_BYTES(64 * 1024, 0, 64 * MIB),
        /** How many provider records of others are held. */
        MAX_PROVIDERS(10_000_000, 0, MANY),
        /** How many own provider records are held. */
        MAX_OWN_PROVIDERS(100_000_000, 0, MANY),
        /** How many other providers are held for one key. */
        MAX_PROVIDERS_PER_KEY(1024, 0, 1_000_000),
        /** How many keys are held of one other provider. */
        MAX_KEYS_PER_PROVIDER(1_000_000, 0, MANY),
        /** How many bytes the addresses of a provider may take together. */
        MAX_ADDRESS_BYTES(4096, 0, 0xffff),
        /** The memory for blocks that were read, in bytes; shared by all column families. */
        CACHE_BYTES(32 * MIB, MIB, TIB),
        /** The memory for what was written and is not in files yet, in bytes; shared by all column families. */
        WRITE_BUFFER_BYTES(32 * MIB, MIB, TIB),
        /** How many files are open at once. */
        MAX_OPEN_FILES(256, 16, 1_000_000),
        /** How many flushes and compactions run at once. */
        BACKGROUND_JOBS(2, 1, 64),
        /** How large the write-ahead log grows before what is in it is moved to files, in bytes. */
        MAX_LOG_BYTES(64 * MIB, MIB, TIB),
        /** How much the files may take on the disk, in bytes; 0 for as much as there is. */
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

    /**
     * Reads options; those of others are passed over.
     *
     * @throws IllegalArgumentException in one line that names each option that is unknown or has a wrong value
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

    private static <E extends Enum<E>> E choice(String key, @Nullable String text, E otherwise, List<String> problems) {
        if (text == null) {
            return otherwise;
        }
        E[] all = otherwise.getDeclaringClass().getEnumConstants();
        for (E each : all) {
            if (word(each).equals(text.trim())) {
                return each;
            }
        }
        problems.add(
                key + " is " + Arrays.stream(all).map(RocksStoreOptions::word).collect(Collectors.joining(" or "))
                        + ", not '" + text + "'");
        return otherwise;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> read(String key, String text, Map<Option, Long> values) {
        Optional<Option> known = Arrays.stream(Option.values())
                .filter(option -> option.key.equals(key))
                .findFirst();
        if (known.isEmpty()) {
            return Optional.of("'" + key + "' is not an option of the stores in RocksDB; there are " + SYNC + ", "
                    + RECOVERY + ", "
                    + Arrays.stream(Option.values()).map(option -> option.key).collect(Collectors.joining(", ")));
        }
        Option option = known.get();
        Optional<Long> value = number(text).filter(number -> number >= option.min && number <= option.max);
        value.ifPresent(number -> values.put(option, number));
        return value.isPresent()
                ? Optional.empty()
                : Optional.of(
                        key + " is a whole number from " + option.min + " to " + option.max + ", not '" + text + "'");
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text.trim()));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
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

    /** Returns whether a write waits until it is on the disk. */
    public boolean syncs(boolean own) {
        return sync == Sync.ALL || (own && sync == Sync.OWN);
    }

    /** Refuses what is larger than an option allows. */
    public void requireFits(int size, Option limit, String what) throws StoreException.TooLarge {
        if (size > get(limit)) {
            throw new StoreException.TooLarge(what + " of " + size + " bytes; at most " + get(limit) + " are taken");
        }
    }
}
