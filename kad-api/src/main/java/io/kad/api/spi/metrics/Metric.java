package io.kad.api.spi.metrics;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Name of a metric and what it measures. Immutable.
 *
 * @param name the name, such as {@code kad.requests.sent}: words in lower case with dots between them
 * @param description what is measured, as one sentence
 * @param labels names of its labels, in the order in which their values are given
 */
public record Metric(String name, String description, List<String> labels) {

    /** Copies the labels. */
    public Metric {
        requireNonNull(name, "name");
        requireNonNull(description, "description");
        labels = List.copyOf(labels);
    }
}
