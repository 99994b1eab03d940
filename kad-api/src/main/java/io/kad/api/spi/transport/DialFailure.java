package io.kad.api.spi.transport;

/**
 * Step at which a dial has failed, and how: finer than {@link TransportFailure.Kind}, for people who look for the cause. What to do after a
 * failure follows from its kind.
 */
public enum DialFailure {
    /** The host name cannot be resolved, or has no address. */
    NAME_NOT_FOUND,
    /** The host has refused the connection: nothing listens at the port. */
    CONNECTION_REFUSED,
    /** Nothing has answered in time. */
    NO_RESPONSE,
    /** The network of the local host has no way to the host. */
    NO_ROUTE,
    /** The host has accepted the connection, and then sent nothing, or too little in time. */
    SILENT,
    /** The host has accepted the connection, and ended it before it was secured. */
    CLOSED,
    /** The host speaks another protocol than multistream-select. */
    OTHER_PROTOCOL,
    /** The remote peer supports none of the security protocols of the local one. */
    NO_COMMON_SECURITY,
    /** The handshake of the security protocol has failed. */
    HANDSHAKE_FAILED,
    /** The remote peer has proved another peer ID than the one that was dialled. */
    WRONG_PEER,
    /** The remote peer has the identity of the local one. */
    LOCAL_PEER,
    /** The remote peer supports none of the stream muxers of the local one. */
    NO_COMMON_MUXER
}
