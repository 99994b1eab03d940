package io.kad.sim.scenario;

import io.kad.api.text.DurationText;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long peers stay, as measured in file-sharing networks: many leave soon, and those that stayed for long stay on.
 *
 * <p>Computed by {@link StrictMath}, so that the same numbers come out on every machine.
 *
 * @param scale the time after which 63 % have left
 * @param shape below 1 if those that stayed are more likely to stay
 */
public record WeibullDistribution(Duration scale, double shape) {

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is not above 0
     */
    public WeibullDistribution {
        if (scale.isNegative() || scale.isZero()) {
            throw new IllegalArgumentException("scale must be greater than 0, got " + DurationText.of(scale));
        }
        if (!(shape > 0)) {
            throw new IllegalArgumentException("shape must be greater than 0, got " + shape);
        }
    }

    /** Returns how long a peer stays that has just come. */
    public Duration session(RandomGenerator random) {
        double left = 1 - random.nextDouble();
        return scaled(StrictMath.pow(-StrictMath.log(left), 1 / shape));
    }

    /** Returns how much longer a peer stays that is met at some moment: a uniform part of a session that is chosen by its length. */
    public Duration residual(RandomGenerator random) {
        double session = StrictMath.pow(gamma(1 + 1 / shape, random), 1 / shape);
        return scaled(session * random.nextDouble());
    }

    private Duration scaled(double factor) {
        return Duration.ofNanos((long) (scale.toNanos() * factor));
    }

    /** Draws from a gamma distribution of scale 1 and a shape of at least 1, by Marsaglia and Tsang (2000). */
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

    /** Draws from the normal distribution, by Box and Muller. */
    private static double normal(RandomGenerator random) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }
}
