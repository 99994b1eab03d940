package io.kad.core.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.KadKey;
import io.kad.api.id.PeerId;
import io.kad.core.routing.RandomPeers;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidatesTest {

    private final RandomPeers random = new RandomPeers(3);
    private final KadKey target = random.place();
    /** Closest first. */
    private final List<PeerId> peers = RandomPeers.sorted(random.peers(4), target);

    private final Candidates two = new Candidates(target, 2);

    @Test
    void aPeerTakesThePlaceOfTheFarthestIfItIsCloserAndIsIgnoredIfNot() {
        two.add(peers.get(0), 1);
        two.add(peers.get(2), 1);

        assertThat(two.add(peers.get(3), 1)).isNegative();
        assertThat(two.add(peers.get(1), 1)).isEqualTo(1);
        assertThat(two.find(peers.get(2))).isNull();
        assertThat(two.size()).isEqualTo(2);
    }

    @Test
    void aQueriedPeerKeepsItsPlace() {
        two.add(peers.get(2), 1);
        two.add(peers.get(3), 1);
        two.get(1).state = Candidate.State.IN_FLIGHT;

        assertThat(two.add(peers.get(0), 1)).isZero();
        assertThat(two.find(peers.get(3))).isNotNull();
        assertThat(two.find(peers.get(2))).isNull();
    }

    @Test
    void noPeerIsAddedOnceAllAreQueried() {
        two.add(peers.get(2), 1);
        two.add(peers.get(3), 1);
        two.get(0).state = Candidate.State.IN_FLIGHT;
        two.get(1).state = Candidate.State.FAILED;

        assertThat(two.add(peers.get(0), 1)).isNegative();
        assertThat(two.add(peers.get(2), 1)).as("known").isNegative();
        assertThat(two.get(0).peer).isEqualTo(peers.get(2));
    }
}
