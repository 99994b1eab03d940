package io.kad.api.spi.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Stores provider records.
 *
 * <p>A record is <i>local</i> if its provider is {@link SpiContext#self()}, and <i>remote</i> otherwise.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>PROVIDER-01: {@link #providers} must return an added record with every field unchanged.
 *   <li>PROVIDER-02: the store must hold at most one record per pair of key and provider. Adding a second one must replace the
 *       first atomically.
 *   <li>PROVIDER-03: no method may return an expired record. Expiry must follow the wall clock of the {@link SpiContext}.
 *   <li>PROVIDER-04: providers must be returned in the order in which they were first added, so that a flood of new
 *       providers does not hide established ones. A record that was removed or evicted and is added again must be last.
 *   <li>PROVIDER-05: a limit must hold after each call, and expired records must not count towards it. At the limit per key, a
 *       new remote record must take the place of the one that was renewed (added or replaced) longest ago. At the total limit, a
 *       new one must evict others in this order, until it has room: those of PROVIDER-15; of the provider with the most records, if it has more than
 *       the average share (the number of remote records divided by that of their providers), the one with the farthest key; else the
 *       one with the farthest key from {@link SpiContext#self()}, and of those the one renewed longest ago. If that would be the new
 *       record, it must be refused with {@link StoreException.Full}, and at the limit per provider with {@link
 *       StoreException.ShareReached}; the store must not change. A large store may choose among a sample of its records.
 *   <li>PROVIDER-06: local records must have limits separate from those of remote records. A local record must never be evicted
 *       for a remote one.
 *   <li>PROVIDER-07: replacing a stored record must not fail because of a limit on the number of records.
 *   <li>PROVIDER-08: {@link #localPage} must page over exactly the local records that are not expired.
 *   <li>PROVIDER-09: after {@link #close()} every call must throw {@link StoreException.Closed}. Closing again must have no effect.
 *   <li>PROVIDER-10: all methods must be thread-safe.
 *   <li>PROVIDER-11: {@link #addAll} must add the records in the given order and stop at the first that is refused. Earlier
 *       records must stay added; later ones must not be added.
 *   <li>PROVIDER-12: a persistent store must return all acknowledged records after {@link #close()} and reopening, with the same
 *       expiry and in the same order, except those that have expired since.
 *   <li>PROVIDER-13: in a persistent store, a local record must be on disk when the call that added it returns, so that it
 *       survives a crash of the process and of the machine. A remote record must survive a crash of the process.
 *   <li>PROVIDER-14: each eviction of PROVIDER-05 must be reported to {@link io.kad.api.spi.StoreListener#providerEvicted} of the {@link
 *       SpiContext}, once.
 *   <li>PROVIDER-15: a full store must evict the remote provider records that {@link io.kad.api.spi.StoreListener#providersOverShare} names before any
 *       other, in that order, until the new one has room, and refuse the new one where the order names it. It must skip a name that it does not
 *       hold, and call {@link java.util.Iterator#remove} for it, which says so: the name counts for nobody any longer. It must not call that for a
 *       record that it has or evicts, or that a failure of its own write could bring back. A store that limits the number of keys may leave a
 *       record out whose eviction would free no key.
 * </ul>
 */
public interface ProviderStore extends AutoCloseable {

    /**
     * Returns whether calls may wait for a disk, a network or a lock; such calls are made on a separate bounded executor. If this returns
     * false, calls are made on threads of the engine and the network; a store whose calls then take longer than 100 ms is logged.
     */
    boolean mayBlock();

    /**
     * Adds {@code record}, or replaces the record of the same key and provider.
     *
     * @throws StoreException if a limit is exceeded, or if writing fails; a retry is safe
     */
    void add(ProviderRecord record) throws StoreException;

    /** Adds several records, each as {@link #add} does, with fewer writes if the store supports it; not atomic as a whole. */
    default void addAll(List<ProviderRecord> records) throws StoreException {
        for (ProviderRecord record : records) {
            add(record);
        }
    }

    /**
     * Returns the providers of {@code key} that are not expired, in the order in which they were first added.
     *
     * @param limit the largest number of records to return, at least 1
     */
    List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException;

    /** Removes the record of {@code key} and {@code provider}, and returns whether there was an unexpired one. */
    boolean remove(RecordKey key, PeerId provider) throws StoreException;

    /**
     * Returns one page of the local records, in an order that the store chooses.
     *
     * @param after the {@link Page#next() cursor} of the previous page; empty for the first page
     * @param limit the largest number of records to return, at least 1
     */
    Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Removes up to {@code limit} expired records and returns the number removed; fewer than {@code limit} when none is left.
     *
     * @param limit the largest number of records to remove, at least 1; bounds the time of the call
     */
    int removeExpired(int limit) throws StoreException;

    /** Returns the number of stored records, including expired ones that were not removed yet. */
    long size() throws StoreException;

    /**
     * Returns the number of remote provider records from which on the store may have no room for another one; empty if it has no limit. Address ranges share it.
     * It must not change.
     */
    default OptionalLong maxRemoteRecords() {
        return OptionalLong.empty();
    }

    /**
     * Returns the limit of the bytes of the remote provider records, with what the heap needs for the objects around them; empty if the store has none. An
     * address range may keep a part of it. It must not change.
     */
    default OptionalLong maxRemoteBytes() {
        return OptionalLong.empty();
    }

    /** Returns metrics of the store by name. By {@code local-providers} they tell how many a run of republication has still to read. */
    default Map<String, Long> statistics() throws StoreException {
        return Map.of("providers", size());
    }

    @Override
    void close() throws StoreException;
}
