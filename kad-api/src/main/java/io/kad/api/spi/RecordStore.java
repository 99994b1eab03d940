package io.kad.api.spi;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where a peer keeps the records of the DHT.
 *
 * <p>Rules, each checked by the compatibility tests:
 *
 * <ul>
 *   <li>STORE-01: a record that was stored is returned by {@link #get} with every field unchanged.
 *   <li>STORE-02: {@link #update} is atomic for each key: of two at once, one sees what the other left.
 *   <li>STORE-03: an expired record is never returned, neither by {@code get}, nor to {@code update}, nor in a page.
 *   <li>STORE-04: expiry follows the wall clock of the {@link SpiContext}.
 *   <li>STORE-05: a limit is met by {@link StoreException.Full} or {@link StoreException.TooLarge}, and leaves the store as
 *       it was; what was acknowledged is not dropped to make room for something else, unless it is expired: an expired
 *       record takes no place from another.
 *   <li>STORE-06: own records, those whose publisher is {@link SpiContext#self()}, are limited apart from foreign ones.
 *   <li>STORE-07: replacing a record of a key that is held is never refused for the number of records.
 *   <li>STORE-08: pages together hold each record that was there from the first call to the last exactly once.
 *   <li>STORE-09: after {@link #close()} every call fails with {@link StoreException.Closed}; closing again has no effect.
 *   <li>STORE-10: all methods may be called from any thread, several at once.
 * </ul>
 */
public interface RecordStore extends AutoCloseable {

    /** Returns whether calls may wait for a disk or a network; such calls are made on a bounded executor of their own. */
    boolean mayBlock();

    /** Returns the record under {@code key}, unless there is none or it is expired. */
    Optional<Record> get(RecordKey key) throws StoreException;

    /**
     * Replaces what is under {@code key} by what {@code change} makes of it, atomically, and returns what is there then.
     *
     * @param change receives the record held, empty for none, and returns the one to hold, empty to remove it, or its argument
     *     to leave it; pure and fast, as it may be called more than once or under a lock
     * @throws IllegalArgumentException if the record returned by {@code change} has another key
     */
    Optional<Record> update(RecordKey key, UnaryOperator<Optional<Record>> change) throws StoreException;

    /**
     * Returns some of the records held, in an order of the store's choice.
     *
     * @param after the {@link Page#next() cursor} of the page before; empty for the first page
     * @param limit how many records at most, from 1
     */
    Page<Record> page(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Removes expired records, looking at no more than {@code limit} of them, and returns how many it removed; fewer than
     * {@code limit} when none is left.
     */
    int removeExpired(int limit) throws StoreException;

    /** Returns how many records are held, expired ones that were not yet removed included. */
    long size() throws StoreException;

    @Override
    void close() throws StoreException;
}
