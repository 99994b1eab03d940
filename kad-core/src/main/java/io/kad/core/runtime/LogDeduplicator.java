package io.kad.core.runtime;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Deduplicator of failures in the log: one that repeats is logged once, so that it does not fill the log. Thread-safe. */
final class LogDeduplicator {

    private final Set<String> logged = ConcurrentHashMap.newKeySet();

    /**
     * Returns whether {@code failure} is the first of its kind: of its class, its cause and its place.
     *
     * @param place the part of the peer that failed; from a fixed set, as each place is kept
     */
    boolean isFirst(String place, Throwable failure) {
        Throwable cause = failure.getCause();
        String causeName = cause == null ? "" : cause.getClass().getName();
        return logged.add(place + " " + failure.getClass().getName() + " " + causeName);
    }
}
