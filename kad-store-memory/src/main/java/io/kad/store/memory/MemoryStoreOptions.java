package io.kad.store.memory;

import io.kad.api.spi.store.StoreException;
import io.kad.store.memory.MemoryStoreLimits.Providers;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
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

/** Parser of the {@code memory.} options. */
final class MemoryStoreOptions {

    private static final String PREFIX = "memory.";
    private static final int MANY = 100_000_000;
    private static final long MIB = 1 << 20;
    private static final long HUGE = MIB << 20;

    private MemoryStoreOptions() {}

    /** Option with its default and its largest value; the smallest is 0. */
    enum Option {
        MAX_RECORDS(65_536, MANY),
        MAX_RECORD_BYTES(24 * MIB, HUGE),
        MAX_LOCAL_RECORDS(65_536, MANY),
        MAX_LOCAL_RECORD_BYTES(64 * MIB, HUGE),
        MAX_KEY_BYTES(4096, MIB),
        MAX_VALUE_BYTES(64 * 1024, 64 * MIB),
        MAX_PROVIDED_KEYS(65_536, MANY),
        MAX_PROVIDER_BYTES(24 * MIB, HUGE),
        MAX_LOCAL_PROVIDED_KEYS(65_536, MANY),
        MAX_LOCAL_PROVIDER_BYTES(64 * MIB, HUGE),
        MAX_PROVIDERS_PER_KEY(20, 10_000),
        MAX_KEYS_PER_PROVIDER(16_384, MANY),
        MAX_ADDRESS_BYTES(4096, MIB);

        private final String key;
        private final long defaultValue;
        private final long max;

        Option(long defaultValue, long max) {
            this.key = PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
            this.defaultValue = defaultValue;
            this.max = max;
        }

        /** Returns the name of the option in a configuration. */
        String key() {
            return key;
        }

        static Optional<Option> named(String key) {
            return Arrays.stream(values())
                    .filter(option -> option.key.equals(key))
                    .findFirst();
        }
    }

    /**
     * Checks the size of one part of a record.
     *
     * @param part the part, such as {@code key}
     * @param option the option that sets {@code limit}
     */
    static void requireFits(String part, long bytes, long limit, Option option) throws StoreException.TooLarge {
        if (bytes > limit) {
            throw StoreException.TooLarge.exceeded(part, bytes, limit, option.key);
        }
    }

    static MemoryStoreLimits parse(Map<String, String> options) {
        return limits(values(options));
    }

    /** Returns every option with its value; an unknown or invalid one is an {@link IllegalArgumentException}. */
    static Map<String, String> effective(Map<String, String> options) {
        Map<String, String> all = new LinkedHashMap<>();
        values(options).forEach((option, value) -> all.put(option.key, String.valueOf(value)));
        return all;
    }

    private static Map<Option, Long> values(Map<String, String> options) {
        Map<Option, Long> values = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            values.put(option, option.defaultValue);
        }
        List<String> problems = new ArrayList<>();
        new TreeMap<>(options).forEach((key, text) -> {
            if (key.startsWith(PREFIX)) {
                read(key, text, values).ifPresent(problems::add);
            }
        });
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return values;
    }

    private static Optional<String> read(String key, String text, Map<Option, Long> values) {
        Optional<Option> known = Option.named(key);
        if (known.isEmpty()) {
            return Optional.of("unknown option '" + key + "'; known: "
                    + Arrays.stream(Option.values()).map(Option::key).collect(Collectors.joining(", ")));
        }
        Option option = known.get();
        long value = number(text);
        if (value < 0 || value > option.max) {
            return Optional.of(key + ": expected an integer from 0 to " + option.max + ", got '" + text + "'");
        }
        values.put(option, value);
        return Optional.empty();
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text.trim());
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }

    private static MemoryStoreLimits limits(Map<Option, Long> values) {
        return new MemoryStoreLimits(
                new Records(
                        quota(values, Option.MAX_RECORDS, Option.MAX_RECORD_BYTES),
                        quota(values, Option.MAX_LOCAL_RECORDS, Option.MAX_LOCAL_RECORD_BYTES),
                        size(values, Option.MAX_KEY_BYTES),
                        size(values, Option.MAX_VALUE_BYTES)),
                new Providers(
                        quota(values, Option.MAX_PROVIDED_KEYS, Option.MAX_PROVIDER_BYTES),
                        quota(values, Option.MAX_LOCAL_PROVIDED_KEYS, Option.MAX_LOCAL_PROVIDER_BYTES),
                        size(values, Option.MAX_PROVIDERS_PER_KEY),
                        size(values, Option.MAX_KEYS_PER_PROVIDER),
                        size(values, Option.MAX_KEY_BYTES),
                        size(values, Option.MAX_ADDRESS_BYTES)));
    }

    private static Quota quota(Map<Option, Long> values, Option keys, Option bytes) {
        return new Quota(size(values, keys), values.getOrDefault(bytes, bytes.defaultValue));
    }

    private static int size(Map<Option, Long> values, Option option) {
        return Math.toIntExact(values.getOrDefault(option, option.defaultValue));
    }
}
