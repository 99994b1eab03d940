package io.kad.api;

/**
 * Mode of a peer.
 *
 * @see <a href="https://github.com/libp2p/specs/blob/master/kad-dht/README.md#client-and-server-mode">kad-dht, client and server mode</a>
 */
public enum Mode {
    /** Sends requests only: refuses inbound ones, does not advertise the protocol, and is in no routing table of other peers. */
    CLIENT,
    /** Responds to requests and advertises the protocol, so that other peers insert it into their routing tables. */
    SERVER,
    /** Server while the peer has an external address, client otherwise. */
    AUTO
}
