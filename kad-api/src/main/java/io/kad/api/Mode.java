package io.kad.api;

/** Whether a peer serves the DHT or only uses it. */
public enum Mode {
    /** Asks, and neither answers nor is advertised; stays out of every routing table. */
    CLIENT,
    /** Answers requests and advertises the protocol, so that others route through it. */
    SERVER,
    /** Server while the peer has a confirmed external address, client otherwise. */
    AUTO
}
