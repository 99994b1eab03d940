package io.kad.api.result;

import static java.util.Objects.requireNonNull;

import io.kad.api.id.PeerId;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.TransportFailure;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Results of a query until it failed. Immutable.
 *
 * @param record the best record so far; empty if none was found
 * @param providers the providers found so far, with their addresses
 * @param responded the peers that responded, in the order of their responses
 * @param failures the failure of each peer that did not respond
 * @param localCopy what the local store keeps of a put or provide
 */
@SuppressWarnings("JavaLangClash") // Record is the name of the specification
public record PartialResult(
        Optional<Record> record,
        List<PeerInfo> providers,
        List<PeerId> responded,
        Map<PeerId, TransportFailure> failures,
        LocalCopy localCopy) {

    /** Partial result without anything. */
    public static final PartialResult NONE =
            new PartialResult(Optional.empty(), List.of(), List.of(), Map.of(), LocalCopy.NONE);

    /** Limit of the causes that {@link #failureSummary} lists. */
    private static final int MAX_CAUSES = 4;

    /** State of the local copy of a put or provide that failed. */
    public enum LocalCopy {
        /** There is no local copy, or the query was no put or provide. */
        NONE,
        /** The local copy stays, but is not republished, as the configuration disables that. */
        KEPT,
        /** The local copy stays and will be republished. */
        REPUBLISHED
    }

    public PartialResult {
        requireNonNull(record, "record");
        providers = List.copyOf(providers);
        responded = List.copyOf(responded);
        failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
        requireNonNull(localCopy, "localCopy");
    }

    /** Returns the causes of the failures in one line, the most frequent first, such as "3 x timed out, connection refused"; may be empty. */
    public String failureSummary() {
        Map<String, Long> counts = failures.values().stream()
                .collect(Collectors.groupingBy(PartialResult::cause, LinkedHashMap::new, Collectors.counting()));
        String causes = counts.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<String, Long> entry) -> -entry.getValue()))
                .limit(MAX_CAUSES)
                .map(entry -> entry.getValue() == 1 ? entry.getKey() : entry.getValue() + " x " + entry.getKey())
                .collect(Collectors.joining(", "));
        int others = counts.size() - MAX_CAUSES;
        return others > 0 ? causes + ", and " + others + (others == 1 ? " other cause" : " other causes") : causes;
    }

    private static String cause(TransportFailure failure) {
        return switch (failure.kind()) {
            case TIMEOUT -> "timed out";
            case UNSUPPORTED -> "does not support the protocol";
            case UNREACHABLE, REFUSED -> "unreachable: " + failure.message();
            default -> failure.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + failure.message();
        };
    }
}
