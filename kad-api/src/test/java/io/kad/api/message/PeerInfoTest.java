package io.kad.api.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerInfoTest {

    private static final String ID = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
    private static final String RELAY = "QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC";
    private static final PeerId PEER = PeerId.parse(ID);

    @Test
    void anAddressThatEndsInAPeerIsThatPeerAtTheAddressBeforeIt() {
        PeerInfo expected = PeerInfo.of(PEER, List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001")));

        assertThat(PeerInfo.parse("/ip4/127.0.0.1/tcp/4001/p2p/" + ID)).isEqualTo(expected);
        assertThat(PeerInfo.parse("/ip4/127.0.0.1/tcp/4001/ipfs/" + ID)).isEqualTo(expected);
        assertThat(PeerInfo.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001/p2p/" + ID)))
                .isEqualTo(expected);
        assertThat(expected.connection()).isEqualTo(ConnectionType.NOT_CONNECTED);
    }

    @Test
    void thePeerIsTheLastOneAndTheRelayPartOfTheAddress() {
        String relay = "/ip4/10.0.0.1/tcp/4001/p2p/" + RELAY + "/p2p-circuit";

        assertThat(PeerInfo.parse(relay + "/p2p/" + ID)).isEqualTo(PeerInfo.of(PEER, List.of(Multiaddr.parse(relay))));
    }

    @Test
    void aPeerAloneHasNoAddresses() {
        assertThat(PeerInfo.parse("/p2p/" + ID)).isEqualTo(PeerInfo.of(PEER, List.of()));
    }

    @Test
    void anAddressThatDoesNotEndInAPeerIsRefused() {
        for (String text : List.of("/ip4/127.0.0.1/tcp/4001", "/ip4/10.0.0.1/tcp/1/p2p/" + RELAY + "/p2p-circuit")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> PeerInfo.parse(text))
                    .withMessage("invalid peer address '" + text + "': expected an address that ends in /p2p/PEERID");
        }
    }

    @Test
    void aTextThatIsNotAnAddressIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerInfo.parse("127.0.0.1:4001"))
                .withMessageContaining("'127.0.0.1:4001'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PeerInfo.parse("/ip4/127.0.0.1/tcp/4001/p2p/nobody"))
                .withMessageContaining("nobody");
    }
}
