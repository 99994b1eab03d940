package io.kad.node.diagnose;

import static io.kad.node.diagnose.CheckName.LIMITS;

import io.kad.transport.netty.limit.LimitId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Check of the limits by which a peer refuses others: how often each was reached lately ({@link ReachedLimits}). */
final class LimitsCheck {

    /** Limits whose option is to be raised where honest peers reach them; others end what misbehaves, or are routine. */
    static final List<LimitId> REFUSING = List.of(
            LimitId.CONNECTIONS,
            LimitId.CONNECTIONS_PER_HOST,
            LimitId.CONNECTIONS_PER_NETWORK,
            LimitId.ACCEPTS_PER_MINUTE,
            LimitId.PENDING_UPGRADES,
            LimitId.INBOUND_STREAMS,
            LimitId.KAD_STREAMS,
            LimitId.REQUESTS_PER_MINUTE,
            LimitId.STORED_RECORDS_PER_MINUTE,
            LimitId.STORED_PROVIDERS_PER_MINUTE,
            LimitId.SEND_BYTES,
            LimitId.RECEIVE_BYTES);

    private LimitsCheck() {}

    /** Checks the counters of the transport of a peer; changes nothing. */
    static Check of(Map<String, Long> counters, NodeSetup setup) {
        if (!setup.isRunning()) {
            return Check.skipped(
                    LIMITS, "a peer that was just started has refused no peer; check a running node with --api");
        }
        ReachedLimits.Span span = setup.limits().lately(counters, System.nanoTime());
        String reached = REFUSING.stream()
                .filter(limit -> span.of(limit) > 0)
                .map(limit -> limit.option() + ": " + span.of(limit) + " times")
                .collect(Collectors.joining(", "));
        return reached.isEmpty()
                ? Check.passed(LIMITS, span.text() + " no peer was refused")
                : Check.failed(Fault.LIMITS_REACHED, span.text() + " " + reached);
    }
}
