package io.kad.api;

/**
 * ID of a query, unique within its peer.
 *
 * @param number number of the query, from 1
 */
public record QueryId(long number) {
    @Override
    public String toString() {
        return "q" + number;
    }
}
