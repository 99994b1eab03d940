package io.kad.core.event;

/** Tells how large an event is, and which ones are dropped first. Thread-safe. */
public interface EventWeigher<E> {

    /** Size of an event without its content, in bytes. */
    int BASE_BYTES = 64;
    /** Size of a peer ID, in bytes. */
    int PEER_ID_BYTES = 40;

    /** Returns the size of the content of {@code event}, in bytes: an estimate that grows with its keys, values, addresses and peer IDs. */
    int bytes(E event);

    /** Returns whether {@code event} carries something found, so that it is dropped only after all other events. */
    boolean isFinding(E event);
}
