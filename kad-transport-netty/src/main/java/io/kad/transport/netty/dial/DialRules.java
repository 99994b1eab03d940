package io.kad.transport.netty.dial;

import io.kad.api.DialPolicy;
import io.kad.api.TransportOptions;
import io.kad.api.id.AddressScope;
import io.kad.api.id.Bytes;
import io.kad.transport.netty.transport.Endpoint;
import java.net.InetAddress;
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
    Present present() {
        return new Present();
    }

    /** The rules at one time. Confined to one thread. */
    final class Present {

        private @Nullable Set<Endpoint> found;

        /** Returns why {@code target} is not dialled; empty if it may be. The IP addresses of a host name are judged once it is resolved. */
        Optional<Refusal> refusal(DialTarget target) {
            if (target.socket().getPort() == 0) {
                return Optional.of(Refusal.NOT_DIALABLE);
            }
            InetAddress ip = target.socket().getAddress();
            return ip == null ? Optional.empty() : refusal(target, AddressScope.of(Bytes.of(ip.getAddress())));
        }

        private Optional<Refusal> refusal(DialTarget target, AddressScope scope) {
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
