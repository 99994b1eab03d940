package io.kad.core.query;

/**
 * Identifies one outbound request of one peer.
 *
 * @param number counts the requests of the peer from 1
 */
public record RequestId(long number) {
    @Override
    public String toString() {
        return "r" + number;
    }
}
