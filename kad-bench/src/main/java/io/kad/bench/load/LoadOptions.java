package io.kad.bench.load;

import io.kad.bench.cli.CommandException;
import io.kad.bench.measure.TimeOptions;
import io.kad.bench.measure.Times;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that every load has: how long it is sent, what is stored, and what is requested. */
public final class LoadOptions {

    @Mixin
    private TimeOptions times = new TimeOptions();

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
    public Times times() {
        return times.times();
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
