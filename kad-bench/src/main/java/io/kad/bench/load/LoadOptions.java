package io.kad.bench.load;

import io.kad.bench.cli.CommandException;
import io.kad.bench.cli.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that every load has: how long it is sent, what is stored, and what is requested. */
public final class LoadOptions {

    @Option(
            names = "--warm-up",
            converter = DurationConverter.class,
            defaultValue = "5s",
            description = "The same load before each measurement (default: ${DEFAULT-VALUE}).")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = "--time",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "Time of each measurement (default: ${DEFAULT-VALUE}).")
    private Duration time = Duration.ZERO;

    @Option(
            names = "--timeout",
            converter = DurationConverter.class,
            defaultValue = "10s",
            description = "Time of a request, from when it is sent (default: ${DEFAULT-VALUE}).")
    private Duration timeout = Duration.ZERO;

    @Option(names = "--seed", description = "Chooses targets, keys, values and identities (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--keys",
            defaultValue = "1000",
            description = "Records, and keys of providers (default: ${DEFAULT-VALUE}; rust-libp2p stores 1024).")
    private int keys;

    @Option(names = "--value-bytes", description = "Bytes of a value (default: ${DEFAULT-VALUE}).")
    private int valueBytes = 256;

    @Option(names = "--providers", description = "Providers of each key, 0 to 20 (default: ${DEFAULT-VALUE}).")
    private int providers = 3;

    /** Creates the options. */
    public LoadOptions() {}

    /**
     * Checks the values.
     *
     * @throws CommandException that names an option that is out of range
     */
    public void check() {
        times();
        data();
    }

    /**
     * Returns how long the load is sent.
     *
     * @throws CommandException that names the option that is out of range
     */
    public LoadPlan.Times times() {
        return new LoadPlan.Times(warmUp, time, timeout);
    }

    /**
     * Returns what is stored and requested.
     *
     * @throws CommandException that names the option that is out of range
     */
    public LoadPlan.Data data() {
        return new LoadPlan.Data(seed, keys, valueBytes, providers);
    }
}
