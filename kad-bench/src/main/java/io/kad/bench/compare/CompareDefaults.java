package io.kad.bench.compare;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Defaults of a comparison where they are not those of one load: it has many measurements, each of which is short. */
final class CompareDefaults implements IDefaultValueProvider {

    CompareDefaults() {}

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        return switch (option.longestName()) {
            case "--warm-up" -> "3s";
            case "--time" -> "5s";
            case "--keys" -> "200";
            default -> null;
        };
    }
}
