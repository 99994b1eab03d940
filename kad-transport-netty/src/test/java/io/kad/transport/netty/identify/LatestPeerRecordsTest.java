package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.wire.SignedPeerRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatestPeerRecordsTest {

    private static final PeerId PEER = new TestIdentity(1).peerId();
    private static final PeerId OTHER = new TestIdentity(2).peerId();

    private final LatestPeerRecords records = new LatestPeerRecords();
    private final List<Long> begun = new ArrayList<>();

    private static SignedPeerRecord record(PeerId peer, long sequence, int port) {
        return new SignedPeerRecord(peer, sequence, List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port)));
    }

    private SignedPeerRecord receive(long connection, SignedPeerRecord record) {
        return records.receive(connection, record, () -> begun.add(connection));
    }

    @Test
    void onlyANewerRecordReplacesTheKnownOne() {
        SignedPeerRecord second = record(PEER, 2, 1);
        SignedPeerRecord third = record(PEER, 3, 2);

        assertThat(receive(1, second)).isEqualTo(second);
        assertThat(receive(1, record(PEER, 1, 3))).isEqualTo(second);
        assertThat(receive(1, record(PEER, 2, 4))).isEqualTo(second);
        assertThat(receive(1, third)).isEqualTo(third);
        assertThat(receive(1, second)).isEqualTo(third);
    }

    @Test
    void allConnectionsOfAPeerShareItsRecordAndPeersDoNot() {
        SignedPeerRecord newer = record(PEER, 2, 1);
        SignedPeerRecord ofOther = record(OTHER, 1, 2);
        receive(1, newer);

        assertThat(receive(2, record(PEER, 1, 3))).isEqualTo(newer);
        assertThat(receive(3, ofOther)).isEqualTo(ofOther);
    }

    @Test
    void aRecordIsForgottenWithTheLastConnectionThatBroughtOne() {
        SignedPeerRecord newer = record(PEER, 2, 1);
        SignedPeerRecord older = record(PEER, 1, 2);
        receive(1, newer);
        receive(2, newer);

        records.close(1, PEER);
        assertThat(receive(2, older)).isEqualTo(newer);
        records.close(3, PEER);
        assertThat(receive(2, older)).isEqualTo(newer);
        records.close(2, PEER);
        assertThat(records.size()).isZero();
        assertThat(receive(4, older)).isEqualTo(older);
    }

    @Test
    void eachConnectionIsNamedOnceSoThatItsEndIsAwaited() {
        receive(1, record(PEER, 1, 1));
        receive(1, record(PEER, 2, 1));
        receive(2, record(PEER, 3, 1));
        receive(2, record(PEER, 4, 1));

        assertThat(begun).containsExactly(1L, 2L);
    }
}
