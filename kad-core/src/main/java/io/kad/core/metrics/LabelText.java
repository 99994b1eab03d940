package io.kad.core.metrics;

import io.kad.api.KadException;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.MultiaddrProtocol;
import java.util.List;
import java.util.Locale;

/** Label values. */
final class LabelText {

    /** Outcome of what succeeded. */
    static final String OK = "ok";

    /** Names of the transports, of {@link #transport}. */
    static final List<String> TRANSPORTS = List.of("tcp", "quic", "websocket", "other");

    private LabelText() {}

    /** Returns the name of a constant in lower case with hyphens. */
    static String of(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the kind of a failure: the name of its type in lower case with hyphens; {@code defect} if it is none of the DHT. */
    static String failure(Throwable failure) {
        return failure instanceof KadException ? typeName(failure.getClass()) : "defect";
    }

    static String typeName(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** Returns the transport of an address. */
    static String transport(Multiaddr address) {
        if (address.has(MultiaddrProtocol.QUIC_V1) || address.has(MultiaddrProtocol.QUIC)) {
            return "quic";
        } else if (address.has(MultiaddrProtocol.WS) || address.has(MultiaddrProtocol.WSS)) {
            return "websocket";
        }
        return address.has(MultiaddrProtocol.TCP) ? "tcp" : "other";
    }
}
