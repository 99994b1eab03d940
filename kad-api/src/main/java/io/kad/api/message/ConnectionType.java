package io.kad.api.message;

/**
 * What the sender of a {@link PeerInfo} says of its connection to that peer.
 *
 * <p>The numbers are those of the wire. Nothing is decided by a remote's claim.
 */
public enum ConnectionType {
    /** No connection, and no knowledge of one. */
    NOT_CONNECTED(0),
    /** Connected at the time of sending. */
    CONNECTED(1),
    /** Was connected recently. */
    CAN_CONNECT(2),
    /** Recent tries to connect failed. */
    CANNOT_CONNECT(3);

    private final int number;

    ConnectionType(int number) {
        this.number = number;
    }

    /** Returns the number of this constant on the wire. */
    public int number() {
        return number;
    }
}
