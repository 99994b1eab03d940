package io.kad.store.memory;

import io.kad.store.memory.MemoryStoreLimits.Providers;
import io.kad.store.memory.MemoryStoreLimits.Quota;
import io.kad.store.memory.MemoryStoreLimits.Records;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The options of the stores in memory, as text. */
final class MemoryStoreOptions {

    private static final String PREFIX = "memory.";
    private static final int MANY = 100_000_000;
    private static final long MIB = 1 << 20;
    private static final long HUGE = MIB << 20;

    private MemoryStoreOptions() {}

    /** One option with its default and the largest value; the smallest is 0. */
    private enum Option {
        MAX_RECORDS(65_536, MANY),
        MAX_RECORD_BYTES(64 * MIB, HUGE),
        MAX_OWN_RECORDS(65_536, MANY),
        MAX_OWN_RECORD_BYTES(64 * MIB, HUGE),
        MAX_KEY_BYTES(4096, MIB),
        MAX_VALUE_BYTES(64 * 1024, 64 * MIB),
        MAX_PROVIDED_KEYS(65_536, MANY),
        MAX_PROVIDER_BYTES(64 * MIB, HUGE),
        MAX_OWN_PROVIDED_KEYS(65_536, MANY),
        MAX_OWN_PROVIDER_BYTES(64 * MIB, HUGE),
        MAX_PROVIDERS_PER_KEY(20, 10_000),
        MAX_KEYS_PER_PROVIDER(16_384, MANY),
        MAX_ADDRESS_BYTES(4096, MIB);

        private final String key;
        private final long defaultValue;
        private final long max;

        Option(long defaultValue, long max) {
            this.key = PREFIX + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
            this.defaultValue = defaultValue;
            this.max = max;
        }

        static Optional<Option> named(String key) {
            return Arrays.stream(values())
                    .filter(option -> option.key.equals(key))
                    .findFirst();
        }
    }

    static MemoryStoreLimits parse(Map<String, String> options) {
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
        return limits(values);
    }

    private static Optional<String> read(String key, String text, Map<Option, Long> values) {
        Optional<Option> known = Option.named(key);
        if (known.isEmpty()) {
            return Optional.of("'" + key + "' is not an option of the memory stores; there are "
                    + Arrays.stream(Option.values()).map(option -> option.key).collect(Collectors.joining(", ")));
        }
        Option option = known.get();
        long value = number(text);
        if (value < 0 || value > option.max) {
            return Optional.of(key + " is a whole number from 0 to " + option.max + ", not '" + text + "'");
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
                        quota(values, Option.MAX_OWN_RECORDS, Option.MAX_OWN_RECORD_BYTES),
                        size(values, Option.MAX_KEY_BYTES),
                        size(values, Option.MAX_VALUE_BYTES)),
                new Providers(
                        quota(values, Option.MAX_PROVIDED_KEYS, Option.MAX_PROVIDER_BYTES),
                        quota(values, Option.MAX_OWN_PROVIDED_KEYS, Option.MAX_OWN_PROVIDER_BYTES),
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
