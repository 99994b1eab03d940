package io.kad.core.runtime;

import io.kad.api.id.KadKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys of records that other peers have stored here and of which the engine has not heard. They change nothing until a later event or deadline
 * of the engine, so they wait for that, or until there is a batch of them: to wake the thread of the engine costs more than to store a record. Thread-safe.
 */
final class ReceivedRecords {

    /** Number of keys that make a batch, 13 kB. If too low, the engine is woken often; if too high, a batch holds up other events. Source: kad's choice. */
    static final int BATCH = 256;

    private List<KadKey> keys = List.of();

    /** Adds a key; returns the keys to hand to the engine now if they are a batch, and otherwise none. */
    synchronized List<KadKey> add(KadKey key) {
        if (keys.isEmpty()) {
            keys = new ArrayList<>();
        }
        keys.add(key);
        return keys.size() < BATCH ? List.of() : take();
    }

    /** Returns the keys that wait, and keeps none. */
    synchronized List<KadKey> take() {
        List<KadKey> taken = keys;
        keys = List.of();
        return taken;
    }
}
