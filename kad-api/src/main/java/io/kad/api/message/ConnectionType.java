package io.kad.api.message;

/**
 * Connection between the sender of a {@link PeerInfo} and that peer, as the sender reports it.
 *
 * <p>The numbers are those of the wire format. kad makes no decision from this claim.
 */
public enum ConnectionType {
    /** Not connected, or unknown. */
    NOT_CONNECTED(0),
    /** Connected at the time of sending. */
    CONNECTED(1),
    /** Was connected recently. */
    CAN_CONNECT(2),
    /** Recent attempts to connect failed. */
    CANNOT_CONNECT(3);

    private final int number;

    ConnectionType(int number) {
        this.number = number;
    }

    /** Returns the number of this constant in the wire format. */
    public int number() {
        return number;
    }
}
