package io.kad.api;

/**
 * Names one query of one peer.
 *
 * @param number counts the queries of the peer from 1
 */
public record QueryId(long number) {
    @Override
    public String toString() {
        return "q" + number;
    }
}
