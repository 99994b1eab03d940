package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Multiaddr;
import io.kad.api.spi.transport.TransportEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the identification of a peer does to the routing table. */
class PeerIdentifiedTest {

    private final EngineFixture fixture = new EngineFixture();

    @Test
    void whatAPeerRepeatsOfItselfIsEmittedOnce() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        for (Set<String> protocols : List.of(
                Set.of(EngineFixture.PROTOCOL), Set.of(EngineFixture.PROTOCOL), Set.<String>of(), Set.<String>of())) {
            fixture.transport(new TransportEvent.PeerIdentified(
                    Peers.identification(1, protocols, List.of(Peers.address(1))), Peers.outbound(1)));
        }

        assertThat(fixture.events(DhtEvent.RoutingUpdated.class)).hasSize(1);
        assertThat(fixture.events(DhtEvent.PeerRemoved.class)).hasSize(1);
    }

    private void identified(int... addresses) {
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(
                        1,
                        Set.of(EngineFixture.PROTOCOL),
                        Arrays.stream(addresses).mapToObj(Peers::address).toList()),
                Peers.outbound(1)));
    }

    private List<Multiaddr> knownAddresses() {
        return fixture.snapshot().find(Peers.peer(1)).orElseThrow().addresses();
    }

    @Test
    void anAddressThatAPeerListsNoMoreIsForgottenThoughItWasDialledThere() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        identified(1, 2);
        assertThat(knownAddresses()).containsExactly(Peers.address(1), Peers.address(2));

        identified(2);

        assertThat(knownAddresses()).containsExactly(Peers.address(2));
    }

    /** A connection that was dialled there again, and stalled with the interface before the peer could list anything. */
    @Test
    void anAddressThatAPeerListedInItsLastConnectionIsForgottenToo() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        identified(1, 2);
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 0));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.inbound(1)));

        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of(EngineFixture.PROTOCOL), List.of(Peers.address(2))), Peers.inbound(1)));

        assertThat(knownAddresses()).containsExactly(Peers.address(2));
    }

    @Test
    void anAddressAtWhichAPeerWasDialledStaysIfItNeverListedIt() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        identified(2);
        identified(3);

        assertThat(knownAddresses()).containsExactly(Peers.address(1), Peers.address(3));
    }

    @Test
    void aPeerOfAnotherProtocolNameIsNotInserted() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other" + EngineFixture.PROTOCOL), List.of(Peers.address(1))),
                Peers.outbound(1)));

        assertThat(fixture.snapshot().size()).isZero();
    }
}
