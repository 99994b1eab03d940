package io.kad.bench.measure;

import io.kad.bench.cli.OptionChecks;
import java.time.Duration;

/**
 * Times of a load.
 *
 * @param warmUp time of the same load before the measurement
 * @param measurement time of the measurement
 * @param timeout time of a request
 */
public record Times(Duration warmUp, Duration measurement, Duration timeout) {

    private static final Duration LEAST = Duration.ofMillis(1);

    /**
     * Checks the times.
     *
     * @throws io.kad.bench.cli.CommandException that names the option that is out of range
     */
    public Times {
        OptionChecks.requireDuration("--warm-up", warmUp, Duration.ZERO);
        OptionChecks.requireDuration("--time", measurement, LEAST);
        OptionChecks.requireDuration("--timeout", timeout, LEAST);
    }
}
