package io.kad.core.metrics;

import io.kad.api.KadException;
import io.kad.api.spi.transport.ConnectionInfo;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Label values. Each is made once, so that measuring creates none. */
final class LabelText {

    /** Outcome of what succeeded. */
    static final String OK = "ok";

    /** Outcome of what failed by a fault of the program or of a plug-in. */
    static final String DEFECT = "defect";

    private static final String OTHER = "other";

    /** Names of the transports, of {@link #transport}. */
    static final List<String> TRANSPORTS = List.of("tcp", "quic", "ws", "wss", OTHER);

    private static final Pattern WORD_BOUNDARY = Pattern.compile("(?<=[a-z])(?=[A-Z])");

    private static final ClassValue<Map<Object, String>> CONSTANTS = new ClassValue<>() {
        @Override
        protected Map<Object, String> computeValue(Class<?> type) {
            return Stream.of(type.getEnumConstants())
                    .collect(Collectors.toUnmodifiableMap(
                            Function.identity(),
                            constant -> ((Enum<?>) constant)
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')));
        }
    };

    private static final ClassValue<String> TYPES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return WORD_BOUNDARY.matcher(type.getSimpleName()).replaceAll("-").toLowerCase(Locale.ROOT);
        }
    };

    private LabelText() {}

    /** Returns the name of a constant in lower case with hyphens. */
    static String of(Enum<?> value) {
        return CONSTANTS.get(value.getDeclaringClass()).getOrDefault(value, value.name());
    }

    /** Returns the kind of a failure: the name of its type in lower case with hyphens; {@link #DEFECT} if it is none of the DHT. */
    static String failure(Throwable failure) {
        return failure instanceof KadException ? typeName(failure.getClass()) : DEFECT;
    }

    static String typeName(Class<?> type) {
        return TYPES.get(type);
    }

    /** Returns the transport of a connection; one of another transport plug-in is an {@code other}. */
    static String transport(ConnectionInfo connection) {
        return TRANSPORTS.contains(connection.transport()) ? connection.transport() : OTHER;
    }
}
