package io.kad.api.spi.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.PeerId;
import io.kad.api.id.RecordKey;
import io.kad.api.record.ProviderRecord;
import io.kad.api.spi.SpiContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a peer keeps who provides what.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>PROVIDER-01: a record that was added is returned by {@link #providers} with every field unchanged.
 *   <li>PROVIDER-02: there is at most one record for a pair of key and provider: adding it again replaces it, atomically.
 *   <li>PROVIDER-03: an expired record is never returned; expiry follows the wall clock of the {@link SpiContext}.
 *   <li>PROVIDER-04: providers are returned in the order in which they were first added, so that newcomers do not push out
 *       those that came before.
 *   <li>PROVIDER-05: a limit, in all, for one key or for one provider, is met by {@link StoreException.Full} and leaves the store as it was;
 *       an expired record takes no place from another.
 *   <li>PROVIDER-06: own records, those whose provider is {@link SpiContext#self()}, are limited apart from foreign ones and
 *       never give way to them.
 *   <li>PROVIDER-07: replacing a record that is held is never refused for the number of records.
 *   <li>PROVIDER-08: {@link #localPage} pages over exactly the own records that are not expired.
 *   <li>PROVIDER-09: after {@link #close()} every call fails with {@link StoreException.Closed}; closing again has no effect.
 *   <li>PROVIDER-10: all methods may be called from any thread, several at once.
 *   <li>PROVIDER-11: {@link #addAll} adds in the order given; the first that is refused ends it, those before it stay added,
 *       and those after it are not.
 *   <li>PROVIDER-12: in a store that outlives its process, what was acknowledged is there after {@link #close()} and opening
 *       again, with the same expiry and in the same order; what is expired by then is not.
 *   <li>PROVIDER-13: in such a store an own record is on the disk when the call that stored it returns, so that it survives the
 *       death of the process and of the machine; a foreign record survives the death of the process.
 * </ul>
 */
public interface ProviderStore extends AutoCloseable {

    /**
     * Returns whether calls may wait for a disk, a network or a lock; such calls are made on a separate bounded executor. If this returns
     * false, calls are made on threads of the engine and the network; a store whose calls then take longer than 100 ms is logged.
     */
    boolean mayBlock();

    /** Adds {@code record}, or replaces the one of the same key and provider. */
    void add(ProviderRecord record) throws StoreException;

    /** Adds several records, as {@link #add} adds each, with fewer writes where the store can; not atomic as a whole. */
    default void addAll(List<ProviderRecord> records) throws StoreException {
        for (ProviderRecord record : records) {
            add(record);
        }
    }

    /**
     * Returns the providers of {@code key} that are not expired, the earliest first.
     *
     * @param limit how many at most, from 1
     */
    List<ProviderRecord> providers(RecordKey key, int limit) throws StoreException;

    /** Removes the record of {@code key} and {@code provider}, and returns whether there was one that was not expired. */
    boolean remove(RecordKey key, PeerId provider) throws StoreException;

    /**
     * Returns some of the own records, in an order of the store's choice.
     *
     * @param after the {@link Page#next() cursor} of the page before; empty for the first page
     * @param limit how many records at most, from 1
     */
    Page<ProviderRecord> localPage(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Removes expired records, looking at no more than {@code limit} of them, and returns how many it removed; fewer than
     * {@code limit} when none is left.
     */
    int removeExpired(int limit) throws StoreException;

    /** Returns how many provider records are held, expired ones that were not yet removed included. */
    long size() throws StoreException;

    /** Returns figures of the store by name, for people and metrics. */
    default Map<String, Long> statistics() throws StoreException {
        return Map.of("providers", size());
    }

    @Override
    void close() throws StoreException;
}
