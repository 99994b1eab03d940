package io.kad.api.spi;

import java.util.Optional;

/**
 * Makes one kind of plug-in; found by {@link java.util.ServiceLoader}.
 *
 * <p>Of several providers of one kind, the one that the configuration names is used, else the one with the highest priority
 * among those that are available. An equal highest priority is an error. Nothing is created before it is chosen.
 */
public interface SpiProvider {

    /** Returns the name by which a configuration chooses this provider; unique among its kind. */
    String name();

    /** Returns the rank among providers of the same kind; higher wins. The in-memory stores have 0. */
    int priority();

    /** Returns why this provider can't be used in {@code context}, in one line, or empty when it can. */
    default Optional<String> unavailable(SpiContext context) {
        return Optional.empty();
    }
}
