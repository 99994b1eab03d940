package io.kad.core.query;

/**
 * Identifies one operation on a local store of one peer.
 *
 * @param number counts the store operations of the peer from 1
 */
public record StoreOperationId(long number) {
    @Override
    public String toString() {
        return "o" + number;
    }
}
