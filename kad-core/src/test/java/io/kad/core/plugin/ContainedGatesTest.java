package io.kad.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.spi.transport.ConnectionGate;
import io.kad.api.spi.transport.ConnectionInfo.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainedGatesTest {

    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/198.18.0.1/tcp/1");
    private static final PeerId PEER = PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");

    private final List<String> measured = new ArrayList<>();

    private ConnectionGate contained(ConnectionGate... gates) {
        return new FailClosedGate(List.of(gates), gate -> new FailClosedGate.Watch() {
            @Override
            public long begin() {
                return 7;
            }

            @Override
            public void end(String method, long start) {
                measured.add(method + start);
            }
        });
    }

    private static ConnectionGate refusing(String reason) {
        return new ConnectionGate() {
            @Override
            public Optional<String> refuseDial(PeerId peer, Multiaddr address) {
                return Optional.of(reason);
            }
        };
    }

    @Test
    void eachGateMustAllow() {
        assertThat(contained(ConnectionGate.OPEN, ConnectionGate.OPEN).refuseDial(PEER, ADDRESS))
                .isEmpty();
        ConnectionGate last = refusing("last");
        assertThat(contained(ConnectionGate.OPEN, last).refuseDial(PEER, ADDRESS))
                .contains("refused by " + last.getClass().getName() + ": last");
        assertThat(contained(refusing("first"), last).refuseDial(PEER, ADDRESS).orElseThrow())
                .endsWith(": first");
    }

    @Test
    void eachQuestionReachesItsMethodAndIsMeasured() {
        ConnectionGate gate = contained(new ConnectionGate() {
            @Override
            public Optional<String> refuseDial(PeerId peer, Multiaddr address) {
                return Optional.of("dial " + address);
            }

            @Override
            public Optional<String> refuseAccept(Multiaddr remote) {
                return Optional.of("accept " + remote);
            }

            @Override
            public Optional<String> refuseConnection(PeerId peer, Multiaddr remote, Direction direction) {
                return Optional.of(direction + " " + remote);
            }
        });
        assertThat(gate.refuseDial(PEER, ADDRESS).orElseThrow()).endsWith("dial " + ADDRESS);
        assertThat(gate.refuseAccept(ADDRESS).orElseThrow()).endsWith("accept " + ADDRESS);
        assertThat(gate.refuseConnection(PEER, ADDRESS, Direction.INBOUND).orElseThrow())
                .endsWith("INBOUND " + ADDRESS);
        assertThat(measured).containsExactly("refuseDial7", "refuseAccept7", "refuseConnection7");
    }

    @Test
    @SuppressWarnings({"NullAway", "OptionalAssignedToNull"}) // what a careless application does
    void aGateThatThrowsOrReturnsNullRefusesAndIsNamed() {
        ConnectionGate throwing = new ConnectionGate() {
            @Override
            public Optional<String> refuseAccept(Multiaddr remote) {
                throw new NoClassDefFoundError("missing/Thing");
            }

            @Override
            public Optional<String> refuseDial(PeerId peer, Multiaddr address) {
                return null;
            }
        };
        String name = throwing.getClass().getName();
        assertThat(contained(throwing).refuseAccept(ADDRESS).orElseThrow())
                .contains(name)
                .contains("missing/Thing");
        assertThat(contained(throwing).refuseDial(PEER, ADDRESS).orElseThrow())
                .isEqualTo("connection gate " + name + " returned null");
        assertThat(contained(throwing).refuseConnection(PEER, ADDRESS, Direction.OUTBOUND))
                .isEmpty();
    }
}
