package io.kad.api.spi.store;

import io.kad.api.id.Bytes;
import io.kad.api.id.RecordKey;
import io.kad.api.record.Record;
import io.kad.api.spi.SpiContext;
import java.util.List;
import java.util.Map;
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
 *       it was. What was acknowledged is not dropped to make room for something else, with two exceptions: an expired record
 *       takes no place from another, and a foreign record may give way to a foreign one whose key is nearer to {@link
 *       SpiContext#self()}; each that did is told to {@link SpiContext#listener()} and counted in {@link #statistics()}.
 *   <li>STORE-06: own records, those whose publisher is {@link SpiContext#self()}, are limited apart from foreign ones.
 *   <li>STORE-07: replacing a record of a key that is held is never refused for the number of records.
 *   <li>STORE-08: pages together hold each record that was there from the first call to the last exactly once.
 *   <li>STORE-09: after {@link #close()} every call fails with {@link StoreException.Closed}; closing again has no effect.
 *   <li>STORE-10: all methods may be called from any thread, several at once.
 *   <li>STORE-11: {@link #localPage} pages over exactly the own records, under the rules of {@link #page}.
 *   <li>STORE-12: {@link #updateAll} makes its changes in their order; the first that is refused ends it, those before it stay
 *       made, and those after it are not.
 *   <li>STORE-13: in a store that outlives its process, what was acknowledged is there after {@link #close()} and opening
 *       again, with the same expiry; what is expired by then is not.
 *   <li>STORE-14: in such a store an own record is on the disk when the call that stored it returns, so that it survives the
 *       death of the process and of the machine; a foreign record survives the death of the process.
 *   <li>STORE-15: after {@link StoreException.Failed} the store holds for each key what it held before or what was written,
 *       never a part of it.
 * </ul>
 */
public interface RecordStore extends AutoCloseable {

    /**
     * Returns whether calls may wait for a disk, a network or a lock; such calls are made on a separate bounded executor. If this returns
     * false, calls are made on threads of the engine and the network; a store whose calls then take longer than 100 ms is logged.
     */
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
     * Makes several changes, as {@link #update} makes each, with fewer writes where the store can; not atomic as a whole.
     *
     * @param changes at most one for a key
     * @throws IllegalArgumentException if a change returns a record of another key; nothing after it is done
     */
    default void updateAll(List<RecordChange> changes) throws StoreException {
        for (RecordChange each : changes) {
            update(each.key(), each.change());
        }
    }

    /**
     * Returns some of the records held, in an order of the store's choice.
     *
     * @param after the {@link Page#next() cursor} of the page before; empty for the first page
     * @param limit how many records at most, from 1
     */
    Page<Record> page(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Returns some of the own records, in an order of the store's choice; takes memory for one page, however many there are.
     *
     * @param after the {@link Page#next() cursor} of the page before; empty for the first page
     * @param limit how many records at most, from 1
     */
    Page<Record> localPage(Optional<Bytes> after, int limit) throws StoreException;

    /**
     * Removes expired records, looking at no more than {@code limit} of them, and returns how many it removed; fewer than
     * {@code limit} when none is left.
     */
    int removeExpired(int limit) throws StoreException;

    /** Returns how many records are held, expired ones that were not yet removed included. */
    long size() throws StoreException;

    /**
     * Returns figures of the store by name, for people and metrics; a store that lets records give way has {@code displaced},
     * how many did since it was opened.
     */
    default Map<String, Long> statistics() throws StoreException {
        return Map.of("records", size());
    }

    @Override
    void close() throws StoreException;
}
