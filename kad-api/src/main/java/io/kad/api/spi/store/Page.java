package io.kad.api.spi.store;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A part of a store's content and the way to the next one.
 *
 * @param items at most as many as were asked for; may be fewer, and even none, before the end
 * @param next the cursor of the next page, opaque to the caller; empty at the end
 */
public record Page<T>(List<T> items, Optional<Bytes> next) {

    public Page {
        items = List.copyOf(items);
        requireNonNull(next, "next");
    }
}
