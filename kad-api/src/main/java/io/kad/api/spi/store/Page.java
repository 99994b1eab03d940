package io.kad.api.spi.store;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * One page of the content of a store, with the cursor of the next page.
 *
 * @param items at most as many as the caller's limit; a page before the last may have fewer, or be empty
 * @param next the cursor of the next page, opaque to the caller; empty on the last page
 */
public record Page<T>(List<T> items, Optional<Bytes> next) {

    public Page {
        items = List.copyOf(items);
        requireNonNull(next, "next");
    }

    /**
     * Checks the limit of a call that reads or removes a bounded number of entries.
     *
     * @throws IllegalArgumentException if {@code limit} is less than 1
     */
    public static void requirePositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, got " + limit);
        }
    }
}
