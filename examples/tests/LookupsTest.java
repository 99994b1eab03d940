import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.message.PeerInfo;
import io.kad.sim.SimNetwork;
import io.kad.sim.TableInit;
import io.kad.sim.junit.KadNetwork;
import io.kad.sim.network.SimPeer;
import org.junit.jupiter.api.Test;

public class LookupsTest {

    private final Bytes key = Bytes.utf8("somewhere");

    @Test
    @KadNetwork(peers = 1000, seed = 7, tables = TableInit.IDEAL)
    void lookupsFindTheClosestPeers(SimNetwork network) {
        SimPeer peer = network.peer(0);
        var found = network.await(peer.kademlia().getClosestPeers(key, 20).result());
        assertThat(found.peers()).extracting(PeerInfo::id).isEqualTo(network.closest(key, 20, peer));
    }
}
