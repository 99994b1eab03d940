package io.kad.bench.measure;

import io.kad.bench.cli.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Options that say how long a load is sent. */
public final class TimeOptions {

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

    /** Creates the options. */
    public TimeOptions() {}

    /**
     * Returns how long the load is sent.
     *
     * @throws io.kad.bench.cli.CommandException that names the option that is out of range
     */
    public Times times() {
        return new Times(warmUp, time, timeout);
    }
}
