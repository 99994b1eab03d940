package io.kad.core.engine;

import static io.kad.core.engine.EngineFixture.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.event.DhtEvent;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.ConnectionInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another running peer that has the identity of the local one, as after a copy of its key file. */
class DuplicateIdentityTest {

    private static final Multiaddr OWN = Multiaddr.parse("/ip4/10.8.0.1/tcp/4001");
    private static final Multiaddr OTHER = Multiaddr.parse("/ip4/10.8.0.2/tcp/4001");

    private static final Multiaddr EPHEMERAL = Multiaddr.parse("/ip4/10.8.0.1/tcp/50001");

    private final EngineFixture fixture = new EngineFixture();

    private int connections;

    private void listen() {
        fixture.transport(new TransportEvent.ListenerOpened(OWN));
    }

    private void meet(Multiaddr local, Multiaddr remote, ConnectionInfo.Direction direction) {
        meet(local, remote, direction, "connection " + ++connections);
    }

    private void meet(Multiaddr local, Multiaddr remote, ConnectionInfo.Direction direction, String connection) {
        fixture.transport(new TransportEvent.LocalIdentitySeen(local, remote, direction, Bytes.utf8(connection)));
    }

    private List<Multiaddr> found() {
        return fixture.events(DhtEvent.DuplicateIdentity.class).stream()
                .map(DhtEvent.DuplicateIdentity::address)
                .toList();
    }

    private List<PeerInfo> dials() {
        return fixture.all(EngineAction.Dial.class).stream()
                .map(EngineAction.Dial::peer)
                .toList();
    }

    @Test
    void aPeerThatIsDialledOrDialsAndHasTheOwnIdentityIsReported() {
        listen();
        meet(EPHEMERAL, OTHER, ConnectionInfo.Direction.OUTBOUND);
        meet(OWN, Multiaddr.parse("/ip4/10.8.0.2/tcp/50000"), ConnectionInfo.Direction.INBOUND);
        assertThat(found()).isEmpty();
        fixture.pass(Duration.ofSeconds(2));

        assertThat(found()).containsExactly(OTHER, Multiaddr.parse("/ip4/10.8.0.2/tcp/50000"));
    }

    @Test
    void theSameAddressIsReportedOnce() {
        listen();
        for (int number = 1; number <= 5; number++) {
            meet(EPHEMERAL, OTHER, ConnectionInfo.Direction.OUTBOUND);
            fixture.pass(Duration.ofSeconds(3));
        }

        assertThat(found()).containsExactly(OTHER);
    }

    @Test
    void aConnectionOfThePeerToItselfIsNotReported() {
        listen();
        meet(EPHEMERAL, OWN, ConnectionInfo.Direction.OUTBOUND, "1");
        meet(OWN, EPHEMERAL, ConnectionInfo.Direction.INBOUND, "1");
        meet(OWN, EPHEMERAL, ConnectionInfo.Direction.INBOUND, "2");
        meet(EPHEMERAL, OWN, ConnectionInfo.Direction.OUTBOUND, "2");
        fixture.pass(Duration.ofSeconds(10));

        assertThat(found()).isEmpty();
    }

    /** Dials its own public address, which a NAT or a proxy rewrites on both sides. */
    @Test
    void aConnectionOfThePeerToItselfThroughANatIsNotReported() {
        listen();
        meet(EPHEMERAL, Multiaddr.parse("/ip4/203.0.113.7/tcp/4001"), ConnectionInfo.Direction.OUTBOUND, "1");
        meet(OWN, Multiaddr.parse("/ip4/172.17.0.1/tcp/39999"), ConnectionInfo.Direction.INBOUND, "1");
        fixture.pass(Duration.ofSeconds(10));

        assertThat(found()).isEmpty();
    }

    /** As a proxy could make them look; each has another peer at its end. */
    @Test
    void connectionsWithSwappedAddressesThatAreNotTheSameAreReported() {
        listen();
        meet(EPHEMERAL, OTHER, ConnectionInfo.Direction.OUTBOUND, "1");
        meet(OTHER, EPHEMERAL, ConnectionInfo.Direction.INBOUND, "2");
        fixture.pass(Duration.ofSeconds(10));

        assertThat(found()).containsExactly(OTHER, EPHEMERAL);
    }

    @Test
    void twoPeersThatDialEachOtherAreReported() {
        listen();
        meet(EPHEMERAL, OTHER, ConnectionInfo.Direction.OUTBOUND);
        meet(OWN, Multiaddr.parse("/ip4/10.8.0.2/tcp/50000"), ConnectionInfo.Direction.INBOUND);
        fixture.pass(Duration.ofSeconds(2));

        assertThat(found()).hasSize(2);
    }

    @Test
    void anAddressOfTheOwnPeerThatOthersReturnIsTried() {
        listen();
        fixture.connectServers(1);
        tell(OWN, OTHER);

        assertThat(dials()).containsExactly(PeerInfo.of(SELF, List.of(OTHER)));
        assertThat(found()).as("it may be an address of before").isEmpty();
    }

    private void tell(Multiaddr... addresses) {
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        fixture.respond(fixture.pendingTo(1), new KadResponse.FindNode(List.of(PeerInfo.of(SELF, List.of(addresses)))));
    }

    /** Another peer could return any addresses as those of the local peer, to have them dialled. */
    @Test
    void fewAddressesThatOthersReturnAreTried() {
        listen();
        fixture.connectServers(1);
        for (int number = 0; number < 100; number++) {
            tell(Multiaddr.parse("/ip4/10.8.1." + number + "/tcp/1"));
        }
        assertThat(dials()).hasSize(1);
        fixture.pass(Duration.ofMinutes(1));
        tell(Multiaddr.parse("/ip4/10.8.1.0/tcp/1"));
        assertThat(dials()).as("an address that was tried").hasSize(1);
        tell(OTHER);
        assertThat(dials()).hasSize(2);
    }

    @Test
    void anAddressOfTheOwnPeerAmongTheBootstrapPeersIsTriedOnceThePeerListens() {
        fixture.advance(new EngineEvent.BootstrapPeersAdded(List.of(PeerInfo.of(SELF, List.of(OWN, OTHER)))));
        assertThat(dials()).isEmpty();
        listen();

        assertThat(dials()).containsExactly(PeerInfo.of(SELF, List.of(OTHER)));
    }
}
