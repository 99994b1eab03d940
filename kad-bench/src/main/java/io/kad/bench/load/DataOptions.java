package io.kad.bench.load;

import picocli.CommandLine.Option;

/** Options that say what is stored and asked for. */
public final class DataOptions {

    @Option(names = "--seed", description = "Chooses targets, keys, values and identities (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(
            names = "--keys",
            description = "Records, and keys of providers (default: ${DEFAULT-VALUE}, as rust-libp2p stores 1024).")
    int keys = 1000;

    @Option(names = "--value-bytes", description = "Bytes of a value (default: ${DEFAULT-VALUE}).")
    int valueBytes = 256;

    @Option(names = "--providers", description = "Providers of each key, 0 to 20 (default: ${DEFAULT-VALUE}).")
    int providers = 3;

    /** Creates the options with their defaults. */
    public DataOptions() {}

    /** Returns what they say. */
    public LoadPlan.Data data() {
        return new LoadPlan.Data(seed, keys, valueBytes, providers);
    }
}
