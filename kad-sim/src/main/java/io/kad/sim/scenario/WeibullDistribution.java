package io.kad.sim.scenario;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Weibull distribution of session lengths, as measured in file-sharing networks: many sessions are short, and long ones tend to last.
 *
 * <p>Computed by {@link StrictMath}, so that the values are the same on every machine.
 *
 * @param scale time after which 63 % of sessions have ended, greater than 0
 * @param shape greater than 0; below 1, the longer a session has lasted, the longer it is expected to last
 */
public record WeibullDistribution(Duration scale, double shape) {

    /**
     * Creates a distribution.
     *
     * @throws IllegalArgumentException if the scale or the shape is not greater than 0
     */
    public WeibullDistribution {
        if (scale.isNegative() || scale.isZero()) {
            throw new IllegalArgumentException("scale must be greater than 0, got " + DurationText.of(scale));
        }
        if (!(shape > 0)) {
            throw new IllegalArgumentException("shape must be greater than 0, got " + shape);
        }
    }

    /** Returns the length of a session that starts now. */
    public Duration session(RandomGenerator random) {
        double survival = 1 - random.nextDouble();
        return scaled(StrictMath.pow(-StrictMath.log(survival), 1 / shape));
    }

    /** Returns the remaining length of a session at a random time: a uniform part of a session that is drawn in proportion to its length. */
    public Duration residual(RandomGenerator random) {
        double session = StrictMath.pow(gamma(1 + 1 / shape, random), 1 / shape);
        return scaled(session * random.nextDouble());
    }

    private Duration scaled(double factor) {
        return Duration.ofNanos((long) (scale.toNanos() * factor));
    }

    /** Returns a sample of the gamma distribution of scale 1 and a shape of at least 1, by Marsaglia and Tsang (2000). */
    private static double gamma(double shape, RandomGenerator random) {
        double d = shape - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double normal = normal(random);
            double v = 1 + c * normal;
            if (v > 0) {
                double cube = v * v * v;
                double bound = normal * normal / 2 + d - d * cube + d * StrictMath.log(cube);
                if (StrictMath.log(1 - random.nextDouble()) < bound) {
                    return d * cube;
                }
            }
        }
    }

    /** Returns a sample of the normal distribution, by Box and Muller. */
    private static double normal(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
