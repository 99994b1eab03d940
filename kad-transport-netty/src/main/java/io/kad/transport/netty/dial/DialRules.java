package io.kad.transport.netty.dial;

import io.kad.api.DialPolicy;
import io.kad.api.TransportOptions;
import io.kad.api.id.AddressScope;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.transport.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rules for which addresses are dialled at all. Thread-safe. */
final class DialRules {

    private final DialPolicy policy;
    private final Supplier<List<Endpoint>> listeners;

    /**
     * Creates the rules of one transport.
     *
     * @param listeners returns where the local peer listens
     */
    DialRules(DialPolicy policy, Supplier<List<Endpoint>> listeners) {
        this.policy = policy;
        this.listeners = listeners;
    }

    /** Reason for which a target is not dialled. */
    enum Refusal {
        /** Nobody can be reached there, or everybody. */
        NOT_DIALABLE("port 0, the unspecified address, multicast and broadcast cannot be dialled"),
        /** The local peer listens there. */
        LISTENER("the local peer listens there"),
        /** The policy forbids it. */
        POLICY("not an address of the internet, and " + TransportOptions.DIAL_POLICY.name() + " is public");

        private final String reason;

        Refusal(String reason) {
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    /** Returns the rules as they are now, for targets that are judged together: where the local peer listens is found out once. */
    Snapshot snapshot() {
        return new Snapshot();
    }

    /** The rules at one time. Confined to one thread. */
    final class Snapshot {

        private @Nullable Set<Endpoint> found;

        /** Returns why {@code target} is not dialled; empty if it may be. What a name leads to is judged once it is resolved. */
        Optional<Refusal> refusal(DialTarget target) {
            if (!(target instanceof SocketTarget known)) {
                return Optional.empty();
            }
            if (known.socket().getPort() == 0) {
                return Optional.of(Refusal.NOT_DIALABLE);
            }
            return known.ip().flatMap(ip -> refusal(known, AddressScope.of(Bytes.of(ip.getAddress()))));
        }

        private Optional<Refusal> refusal(SocketTarget target, AddressScope scope) {
            return switch (scope) {
                case UNSPECIFIED, MULTICAST -> Optional.of(Refusal.NOT_DIALABLE);
                case LOOPBACK, PRIVATE, LINK_LOCAL, RESERVED, GLOBAL -> {
                    if (isListener(target.endpoint())) {
                        yield Optional.of(Refusal.LISTENER);
                    }
                    boolean allowed = target.trusted() || scope == AddressScope.GLOBAL || policy == DialPolicy.ALL;
                    yield allowed ? Optional.empty() : Optional.of(Refusal.POLICY);
                }
            };
        }

        private boolean isListener(Endpoint endpoint) {
            Set<Endpoint> known = found;
            if (known == null) {
                known = Set.copyOf(listeners.get());
                found = known;
            }
            return known.contains(endpoint);
        }
    }
}
