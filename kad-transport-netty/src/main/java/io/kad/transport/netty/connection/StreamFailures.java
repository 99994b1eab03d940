package io.kad.transport.netty.connection;

import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.transport.netty.multistream.NegotiationException;
import io.kad.transport.netty.muxer.ConnectionLostException;
import io.kad.transport.netty.muxer.StreamLimitException;

/** Kinds of failures of outbound streams. */
public final class StreamFailures {

    private StreamFailures() {}

    /**
     * Returns the kind of failure: {@code CLOSED} for a lost connection, after which a retry on another one is safe, {@code OVERLOADED} for a
     * limit of the local peer, otherwise {@code RESET}.
     */
    public static Kind kind(Throwable cause) {
        if (cause instanceof StreamLimitException) {
            return Kind.OVERLOADED;
        }
        return cause instanceof ConnectionLostException ? Kind.CLOSED : Kind.RESET;
    }

    /** Returns the kind of failure of a negotiation. */
    public static Kind kind(NegotiationException cause) {
        return switch (cause.reason()) {
            case REFUSED -> Kind.UNSUPPORTED;
            case TIMEOUT -> Kind.TIMEOUT;
            case CLOSED -> Kind.RESET;
            case MALFORMED, LIMIT, INTERNAL -> Kind.INVALID;
        };
    }
}
