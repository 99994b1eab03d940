package io.kad.core.plugin;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All gates of a peer as one, which never throws: a gate that throws or returns null refuses, as nobody knows what it would have refused. One
 * warning names it. Thread-safe.
 */
public final class FailClosedGate implements ConnectionGate {

    private static final Logger LOG = LoggerFactory.getLogger(FailClosedGate.class);

    private final List<Contained> gates;

    /** Stopwatch for the calls of one gate. Thread-safe. */
    public interface Watch {

        /** Starts a call, and returns the start time to pass to {@link #end}. */
        long begin();

        /** Ends a call of {@code method} that started at {@code start}. */
        void end(String method, long start);
    }

    /**
     * Creates the gate.
     *
     * @param watches returns the watch of a gate
     */
    public FailClosedGate(List<ConnectionGate> gates, Function<ConnectionGate, Watch> watches) {
        this.gates = gates.stream()
                .map(gate -> new Contained(gate, watches.apply(gate)))
                .toList();
    }

    /** Check by a gate, which may answer null all the same. */
    private interface GateCheck {
        Optional<String> check(ConnectionGate gate);
    }

    /** One gate. */
    private static final class Contained {

        private final ConnectionGate gate;
        private final Watch watch;
        private final AtomicBoolean reported = new AtomicBoolean();

        Contained(ConnectionGate gate, Watch watch) {
            this.gate = gate;
            this.watch = watch;
        }

        Optional<String> check(String method, GateCheck check) {
            long start = watch.begin();
            try {
                Optional<String> answer = check.check(gate);
                return answer == null ? Optional.of(failed("returned null", null)) : answer.map(this::named);
            } catch (Throwable e) {
                return Optional.of(failed("failed: " + e, e));
            } finally {
                watch.end(method, start);
            }
        }

        private String named(String reason) {
            return "refused by " + gate.getClass().getName() + ": " + reason;
        }

        private String failed(String how, @Nullable Throwable cause) {
            String message = "connection gate " + gate.getClass().getName() + " " + how;
            if (!reported.getAndSet(true)) {
                LOG.warn("{}; the dial or connection is refused", message, cause);
            }
            return message;
        }
    }

    private Optional<String> check(String method, GateCheck check) {
        for (Contained gate : gates) {
            Optional<String> refusal = gate.check(method, check);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> refuseDial(PeerId peer, Multiaddr address) {
        return check("refuseDial", gate -> gate.refuseDial(peer, address));
    }

    @Override
    public Optional<String> refuseAccept(Multiaddr remote) {
        return check("refuseAccept", gate -> gate.refuseAccept(remote));
    }

    @Override
    public Optional<String> refuseConnection(PeerId peer, Multiaddr remote, Direction direction) {
        return check("refuseConnection", gate -> gate.refuseConnection(peer, remote, direction));
    }
}
