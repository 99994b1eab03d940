package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.result.ClosestPeersResult;
import io.kad.core.query.QuerySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A peer that responds with peers and addresses that it has invented, and what the lookup lets the transport dial. */
class LookupDialsTest {

    private static final Bytes KEY = Bytes.utf8("key");
    private static final int LIMIT = 50;
    private static final PeerId HONEST = Peers.peer(99);

    /** Of each of the 19 invented peers two, and one of the honest peer. */
    private static final int UNCOUNTED = 39;

    private final EngineFixture fixture =
            new EngineFixture(EngineFixture.config().maxLookupDials(LIMIT));

    private static PeerInfo invented(int number) {
        return PeerInfo.of(
                Peers.peer(number),
                IntStream.range(0, 16)
                        .mapToObj(address -> Multiaddr.parse("/ip4/198.18." + number + "." + address + "/tcp/1"))
                        .toList());
    }

    /** Answers for the hostile peers, and dials as a transport does that reaches nobody; returns what it dialled. */
    private List<Multiaddr> dialled(int firstInvented) {
        List<Multiaddr> dialled = new ArrayList<>();
        List<PeerInfo> answer = Stream.concat(
                        IntStream.range(firstInvented, firstInvented + 19).mapToObj(LookupDialsTest::invented),
                        Stream.of(PeerInfo.of(HONEST, List.of(Peers.address(99)))))
                .toList();
        while (!fixture.pending().isEmpty()) {
            EngineAction.SendRequest request = fixture.pending().get(0);
            if (request.peer().id().equals(Peers.peer(1))) {
                fixture.respond(request, new KadResponse.FindNode(answer));
                continue;
            }
            boolean reached = false;
            for (Multiaddr address : request.peer().addresses()) {
                if (request.dialPermit().test(address)) {
                    dialled.add(address);
                    reached |= request.peer().id().equals(HONEST);
                }
            }
            if (reached) {
                fixture.respond(request, new KadResponse.FindNode(List.of()));
            } else {
                fixture.fail(request, EngineFixture.TIMED_OUT);
            }
        }
        return dialled;
    }

    @Test
    void aLookupCausesALimitedNumberOfDials() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(KEY, 20));
        assertThat(dialled(100)).hasSize(LIMIT + UNCOUNTED).doesNotHaveDuplicates();
    }

    @Test
    void aPeerBehindInventedOnesIsFound() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(KEY, 20));
        dialled(100);
        assertThat(fixture.result(ClosestPeersResult.class).peers())
                .extracting(PeerInfo::id)
                .containsExactlyInAnyOrder(Peers.peer(1), HONEST);
    }

    @Test
    void eachLookupHasItsOwnLimit() {
        fixture.connectServers(1);
        fixture.start(new QuerySpec.GetClosestPeers(KEY, 20));
        dialled(100);
        fixture.start(new QuerySpec.GetClosestPeers(KEY, 20));
        assertThat(dialled(200)).as("others, as those are left alone now").hasSizeGreaterThan(LIMIT);
    }

    @Test
    void addressesOfTheRoutingTableDoNotCount() {
        fixture.connectServers(1, 2, 3);
        fixture.start(new QuerySpec.GetClosestPeers(KEY, 20));
        EngineAction.SendRequest known = fixture.pendingTo(2);
        for (int attempt = 0; attempt < 2 * LIMIT; attempt++) {
            assertThat(known.dialPermit().test(Peers.address(2))).isTrue();
        }
        for (int attempt = 0; attempt < LIMIT + 2; attempt++) {
            assertThat(known.dialPermit().test(Peers.address(1000 + attempt))).isTrue();
        }
        assertThat(known.dialPermit().test(Peers.address(2000))).isFalse();
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(fixture.pendingTo(3).dialPermit().test(Peers.address(2001 + attempt)))
                    .isTrue();
        }
        assertThat(fixture.pendingTo(3).dialPermit().test(Peers.address(2003)))
                .as("all requests of the lookup share the limit")
                .isFalse();
        assertThat(fixture.pendingTo(3).dialPermit().test(Peers.address(3))).isTrue();
    }
}
