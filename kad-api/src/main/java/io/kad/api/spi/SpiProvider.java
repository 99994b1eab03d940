package io.kad.api.spi;

import java.util.Map;
import java.util.Optional;

/**
 * Factory of one kind of plug-in, found by {@link java.util.ServiceLoader}.
 *
 * <p>If the configuration names a provider of a kind, that one is used. Otherwise the peer uses the available provider with the
 * highest priority; a tie is an error. No plug-in is created before its provider is selected.
 */
public interface SpiProvider {

    /** Returns the name by which a configuration selects this provider; unique among the providers of a kind. */
    String name();

    /** Returns the rank among providers of the same kind; the highest wins. The in-memory stores have 0. */
    int priority();

    /** Returns the reason why this provider can't be used in {@code context}, in one line; empty if it can. */
    default Optional<String> unavailable(SpiContext context) {
        return Optional.empty();
    }

    /**
     * Returns the options of this plug-in, in the order in which to show them, each with the value that it has; empty if it does not tell.
     *
     * @param given the options of the configuration; those of other plug-ins are ignored
     * @throws IllegalArgumentException if an option is unknown or invalid; one line that lists all of them
     */
    default Map<String, String> options(Map<String, String> given) {
        return Map.of();
    }
}
