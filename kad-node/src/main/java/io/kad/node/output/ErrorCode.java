package io.kad.node.output;

import io.kad.api.KadException;
import io.kad.api.spi.store.StoreException;
import io.kad.api.spi.transport.TransportFailure;
import java.util.Locale;

/** Codes of failures, for programs. */
public enum ErrorCode {
    /** The network has no such record or peer. */
    NOT_FOUND,
    /** Fewer peers than required stored the record, or returned it. */
    QUORUM_FAILED,
    /** The routing table is empty, or no queried peer responded. */
    NO_PEERS,
    /** The timeout has passed. */
    TIMEOUT,
    /** A single peer can't be reached, or refuses. */
    UNREACHABLE,
    /** The command can't be carried out, whatever the network responds. */
    BAD_INPUT,
    /** The record breaks the rules of its namespace, or a limit. */
    INVALID_RECORD,
    /** A better record under the key has won: it was published later, or its validator prefers it. */
    SUPERSEDED,
    /** A limit on concurrent work is reached; a retry may succeed. */
    OVERLOADED,
    /** A file or a store can't be read or written. */
    IO,
    /** A fault of the program itself, or its end. */
    INTERNAL;

    /** Returns the code as it stands in JSON. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the exit code of the program: 2 for bad input, 1 for any other failure. */
    public int exitCode() {
        return this == BAD_INPUT ? 2 : 1;
    }

    /** Returns the code of a failure of the DHT. */
    public static ErrorCode of(KadException failure) {
        if (failure instanceof KadException.NoPeers) {
            return NO_PEERS;
        } else if (failure instanceof KadException.NotFound) {
            return NOT_FOUND;
        } else if (failure instanceof KadException.QuorumNotReached) {
            return QUORUM_FAILED;
        } else if (failure instanceof KadException.QueryTimeout) {
            return TIMEOUT;
        } else if (failure instanceof KadException.InvalidRecord) {
            return INVALID_RECORD;
        } else if (failure instanceof KadException.Superseded) {
            return SUPERSEDED;
        } else if (failure instanceof KadException.InvalidRequest) {
            return BAD_INPUT;
        } else if (failure instanceof KadException.Overloaded) {
            return OVERLOADED;
        } else if (failure instanceof KadException.StoreFailed store) {
            return store.getCause() instanceof StoreException.TooLarge ? BAD_INPUT : IO;
        } else if (failure instanceof KadException.TransportFailed transport) {
            return of(transport.failure().kind());
        }
        return INTERNAL;
    }

    private static ErrorCode of(TransportFailure.Kind kind) {
        return switch (kind) {
            case UNREACHABLE, REFUSED, GATED, WRONG_PEER, UNSUPPORTED, RESET, INVALID -> UNREACHABLE;
            case OVERLOADED -> OVERLOADED;
            case TIMEOUT -> TIMEOUT;
            case BAD_ADDRESS -> BAD_INPUT;
            case TOO_LARGE -> INVALID_RECORD;
            case CANCELLED, CLOSED, DEFECT -> INTERNAL;
        };
    }
}
