package io.kad.interop;

/** Messages of the Kademlia protocol, in base64, without the length before them. */
final class KadFrames {

    /** A request of type PING. */
    static final String PING = "CAU=";

    private KadFrames() {}
}
