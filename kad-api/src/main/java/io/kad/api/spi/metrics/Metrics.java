package io.kad.api.spi.metrics;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Receiver of the metrics of one peer, such as a registry of a metrics library.
 *
 * <p>A peer asks for each counter, timer and summary once for each combination of label values, and keeps it. Label values are of small sets
 * that remote peers cannot extend.
 */
public interface Metrics {

    /** Receiver that ignores everything; a peer that has it measures nothing. */
    Metrics NONE = NoMetrics.INSTANCE;

    /** Number that only grows. */
    @FunctionalInterface
    interface Counter {

        /** Adds 1. */
        void increment();
    }

    /** Distribution of times. */
    @FunctionalInterface
    interface Timer {

        /** Adds a time, 0 or more. */
        void record(Duration time);
    }

    /** Distribution of numbers. */
    @FunctionalInterface
    interface Summary {

        /** Adds a number, 0 or more. */
        void record(long number);
    }

    /** Returns the counter with these label values. */
    Counter counter(Metric metric, String... labels);

    /** Returns the timer with these label values. */
    Timer timer(Metric metric, String... labels);

    /** Returns the summary with these label values. */
    Summary summary(Metric metric, String... labels);

    /**
     * Adds a number that goes up and down.
     *
     * @param value returns the number now, NaN if it is not known; called on any thread, and may take as long as a read of a store
     */
    void gauge(Metric metric, DoubleSupplier value, String... labels);

    /**
     * Adds a number that only grows, and that the peer counts itself.
     *
     * @param total returns the number now; called on any thread
     */
    void total(Metric metric, LongSupplier total, String... labels);
}
