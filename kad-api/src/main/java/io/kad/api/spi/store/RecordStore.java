package io.kad.api.spi.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Stores the records of the DHT.
 *
 * <p>A record is <i>local</i> if its publisher is {@link SpiContext#self()}, and <i>remote</i> otherwise.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>STORE-01: {@link #get} must return a stored record with every field unchanged.
 *   <li>STORE-02: {@link #update} must be atomic per key: of two concurrent updates, one must see the result of the other.
 *   <li>STORE-03: an expired record must not be returned by {@code get} or in a page, nor passed to the change of {@code update}.
 *   <li>STORE-04: expiry must follow the wall clock of the {@link SpiContext}.
 *   <li>STORE-05: a write that exceeds a limit must throw {@link StoreException.Full} or {@link StoreException.TooLarge} and
 *       change nothing. Acknowledged records must not be evicted, except (a) expired ones, which must not count towards a limit,
 *       (b) remote ones in the order of STORE-16, and (c) remote ones in favour of a remote record whose key is closer to {@link SpiContext#self()}; a store that limits bytes may
 *       multiply the distance of a record of more than 12 KiB by its size, or a few large ones take the room of all others. Each eviction of (b)
 *       and (c) must be reported to {@link SpiContext#listener()} and counted in {@link #statistics()}.
 *   <li>STORE-06: local records must have limits separate from those of remote records.
 *   <li>STORE-07: replacing the record of a stored key must not fail because of a limit on the number of records.
 *   <li>STORE-08: all pages together must hold each record that is stored from the first call to the last exactly once.
 *   <li>STORE-09: after {@link #close()} every call must throw {@link StoreException.Closed}. Closing again must have no effect.
 *   <li>STORE-10: all methods must be thread-safe.
 *   <li>STORE-11: {@link #localPage} must page over exactly the local records, under the rules of {@link #page}.
 *   <li>STORE-12: {@link #updateAll} must make its changes in the given order and stop at the first that is refused. Earlier
 *       changes must stay made; later ones must not be made.
 *   <li>STORE-13: a persistent store must return all acknowledged records after {@link #close()} and reopening, with the same
 *       expiry, except those that have expired since.
 *   <li>STORE-14: in a persistent store, a local record must be on disk when the call that stored it returns, so that it
 *       survives a crash of the process and of the machine. A remote record must survive a crash of the process.
 *   <li>STORE-15: after {@link StoreException.Failed} the store must hold, for each key, either the previous record or the
 *       written one, never a part of it.
 *   <li>STORE-16: a full store that evicts must evict the remote records that {@link io.kad.api.spi.StoreListener#recordsOverShare} names before any
 *       other, in that order, until the new one has room, and refuse the new one where the order names it. It must skip a name under which it has no
 *       remote record, and call {@link java.util.Iterator#remove} for it, which says so: the name counts for nobody any longer. It must not call
 *       that for a record that it has or evicts, or that a failure of its own write could bring back.
 * </ul>
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Returns whether calls may wait for a disk, a network or a lock; such calls are made on a separate bounded executor. If this returns
     * false, calls are made on threads of the engine and the network; a store whose calls then take longer than 100 ms is logged.
     */
    boolean mayBlock();

    /** Returns the record under {@code key}; empty if there is none, or if it is expired. */
    Optional<Record> get(RecordKey key) throws StoreException;

    /**
     * Replaces the record under {@code key} by the result of {@code change}, atomically, and returns the record stored
     * afterwards.
     *
     * @param change receives the stored record (empty for none) and returns the new one: empty to remove it, its argument to keep
     *     it. Must be pure and fast, because it may be called more than once or under a lock
     * @throws IllegalArgumentException if {@code change} returns a record of another key
     * @throws StoreException if a limit is exceeded, or if writing fails; a retry is safe
     */
    Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException;

    /**
     * Makes several changes, each as {@link #update} does, with fewer writes if the store supports it; not atomic as a whole.
     *
     * @param changes at most one per key
     * @throws IllegalArgumentException if a change returns a record of another key; later changes are not made
     */
    default void updateAll(List<RecordChange> changes) throws StoreException {
        for (RecordChange change : changes) {
            update(change.key(), change.change());
        }
    }

    /**
     * Returns one page of the stored records, in an order that the store chooses.
     *
     * @param after the {@link Page#next() cursor} of the previous page; empty for the first page
     * @param limit the largest number of records to return, at least 1
     */
    Page<Record> page(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Returns one page of the local records, in an order that the store chooses; needs memory for one page only.
     *
     * @param after the {@link Page#next() cursor} of the previous page; empty for the first page
     * @param limit the largest number of records to return, at least 1
     */
    Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Removes up to {@code limit} expired records and returns the number removed; fewer than {@code limit} when none is left.
     *
     * @param limit the largest number of records to remove, at least 1; bounds the time of the call
     */
    int removeExpired(int limit) throws StoreException;

    /** Returns the number of stored records, including expired ones that were not removed yet. */
    long size() throws StoreException;

    /**
     * Returns the number of remote records from which on the store may have no room for another one; empty if it has no limit. Address ranges share it.
     * It must not change.
     */
    default OptionalLong maxRemoteRecords() {
        return OptionalLong.empty();
    }

    /**
     * Returns the limit of the bytes of the remote records, with what the heap needs for the objects around them; empty if the store has none. An
     * address range may keep a part of it. It must not change.
     */
    default OptionalLong maxRemoteBytes() {
        return OptionalLong.empty();
    }

    /**
     * Returns metrics of the store by name. A store that evicts records must report as {@code evictions} the number of evictions
     * since it was opened. By {@code records}, all of them, and {@code local-records} the metrics tell how many a run of republication has still
     * to read.
     */
    default Map<String, Long> statistics() throws StoreException {
        return Map.of("records", size());
    }

    @Override
    void close() throws StoreException;
}
