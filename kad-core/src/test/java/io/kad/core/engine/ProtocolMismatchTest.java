package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KadException;
import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests of a peer whose protocol is not that of the network. */
class ProtocolMismatchTest {

    private static final String OTHER = "/ipfs/kad/1.0.0";
    private static final String TEXT = "no peer serves protocol '" + EngineFixture.PROTOCOL + "', but one serves '"
            + OTHER + "'; set the option protocol (--protocol) to that of the network";

    private final EngineFixture fixture = new EngineFixture();

    private void connect(int number, String... protocols) {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(number)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(number, Set.of(protocols), List.of(Peers.address(number))),
                Peers.outbound(number)));
    }

    private void lookUp() {
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
    }

    @Test
    void itIsEmittedOnceWithBothProtocols() {
        connect(1, OTHER, "/ipfs/id/1.0.0");
        connect(2, OTHER);

        assertThat(fixture.events(DhtEvent.ProtocolMismatch.class))
                .containsExactly(new DhtEvent.ProtocolMismatch(Peers.peer(1), EngineFixture.PROTOCOL, OTHER));
    }

    @Test
    void whatRemotePeersMakeUpIsBounded() {
        for (int number = 1; number < 50; number++) {
            connect(number, "/" + number + "/kad/1.0.0");
        }

        assertThat(fixture.events(DhtEvent.ProtocolMismatch.class)).hasSize(OtherProtocols.MAX_EMITTED);
    }

    @Test
    void aQueryWithoutPeersNamesBothInsteadOfAnEmptyTable() {
        connect(1, OTHER);
        lookUp();

        assertThat(fixture.failureOf(KadException.NoPeers.class))
                .hasMessage(TEXT)
                .satisfies(failure -> assertThat(failure.isTableEmpty()).isTrue());
    }

    @Test
    void aBootstrapNamesBothToo() {
        connect(1, OTHER);
        fixture.start(new QuerySpec.Bootstrap(EngineFixture.SELF));

        assertThat(fixture.failureOf(KadException.NoPeers.class)).hasMessage(TEXT);
    }

    @Test
    void aQueryWhosePeersRefuseNamesBoth() {
        fixture.advance(new EngineEvent.BootstrapPeersAdded(List.of(Peers.info(1))));
        lookUp();
        connect(1, OTHER);
        fixture.fail(fixture.pendingTo(1), EngineFixture.failure(TransportFailure.Kind.UNSUPPORTED));

        assertThat(fixture.failureOf(KadException.NoPeers.class)).hasMessageStartingWith(TEXT);
    }

    @Test
    void aPeerThatHasLeftIsNamedNoMore() {
        connect(1, "/first/kad/1.0.0");
        connect(2, OTHER);
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(2), 0));
        lookUp();
        assertThat(fixture.failureOf(KadException.NoPeers.class)).hasMessageContaining("'/first/kad/1.0.0'");

        fixture.actions().clear();
        fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(1), 0));
        lookUp();
        assertThat(fixture.failureOf(KadException.NoPeers.class)).hasMessageStartingWith("routing table is empty");
    }

    @Test
    void clientsAndOtherProgramsAreNoMismatch() {
        connect(1, "/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/kadabra/1.0.0");
        connect(2, OTHER, EngineFixture.PROTOCOL);
        assertThat(fixture.events(DhtEvent.ProtocolMismatch.class)).isEmpty();
    }

    @Test
    void aServerOfTheLocalProtocolEndsIt() {
        connect(1, OTHER);
        connect(2, EngineFixture.PROTOCOL);
        lookUp();
        fixture.fail(fixture.pendingTo(2), EngineFixture.TIMED_OUT);

        assertThat(fixture.failureOf(KadException.NoPeers.class))
                .hasMessageStartingWith("no peer responded (1 queried)");
    }
}
