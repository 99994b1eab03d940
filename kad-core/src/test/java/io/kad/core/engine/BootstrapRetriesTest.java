package io.kad.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.PeerId;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.core.query.QuerySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests of a peer whose bootstrap peers, or whose whole routing table, do not answer for some time. */
class BootstrapRetriesTest {

    private static final TransportFailure REFUSED = EngineFixture.failure(TransportFailure.Kind.REFUSED);

    private final EngineFixture fixture = new EngineFixture(EngineFixture.config()
            .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(Duration.ofMillis(500)))
            .set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.of(Duration.ofMinutes(5))));

    private void addBootstrapPeers(Integer... numbers) {
        fixture.advance(new EngineEvent.BootstrapPeersAdded(
                Stream.of(numbers).map(Peers::info).toList()));
    }

    /** Lets time pass while every request fails; returns the times in milliseconds at which requests were sent. */
    private List<Long> failFor(Duration duration, TransportFailure failure) {
        List<Long> sent = new ArrayList<>();
        for (long step = 0; step < duration.toMillis() / 50; step++) {
            fixture.pass(Duration.ofMillis(50));
            while (!fixture.pending().isEmpty()) {
                sent.add(fixture.nanos() / 1_000_000);
                fixture.fail(fixture.pending().get(0), failure);
            }
        }
        return sent;
    }

    private List<PeerId> dialled() {
        return fixture.all(EngineAction.Dial.class).stream()
                .map(dial -> dial.peer().id())
                .toList();
    }

    @Test
    void aBootstrapPeerThatIsLateIsMetWithinSeconds() {
        addBootstrapPeers(1);
        List<Long> sent = failFor(Duration.ofSeconds(3), REFUSED);
        assertThat(sent).hasSizeBetween(2, 3);
        assertThat(dialled()).isNotEmpty().containsOnly(Peers.peer(1));

        fixture.pass(Duration.ofSeconds(3));
        assertThat(fixture.pendingTo(1).queryId().number())
                .as("a bootstrap of the peer itself")
                .isNegative();
        fixture.respondToFindNodes();
        int requests = fixture.queriedPeers().size();
        fixture.pass(Duration.ofSeconds(1));
        fixture.respondToFindNodes();
        assertThat(fixture.queriedPeers())
                .as("after an answer, at most a bootstrap for the peers that can be reached now")
                .hasSizeLessThanOrEqualTo(requests + 1);
        int later = fixture.queriedPeers().size();
        fixture.pass(Duration.ofMinutes(4));
        assertThat(fixture.queriedPeers()).hasSize(later);
    }

    @Test
    void theAddressesOfABootstrapPeerAddUp() {
        PeerInfo first = Peers.info(1);
        Multiaddr second = Multiaddr.parse("/ip6/2001:db8::1/tcp/4001");
        fixture.advance(new EngineEvent.BootstrapPeersAdded(List.of(first, PeerInfo.of(first.id(), List.of(second)))));
        failFor(Duration.ofSeconds(3), REFUSED);

        assertThat(fixture.all(EngineAction.Dial.class))
                .isNotEmpty()
                .allSatisfy(dial ->
                        assertThat(dial.peer().addresses()).contains(second).containsAll(first.addresses()));
    }

    @Test
    void retriesBackOff() {
        addBootstrapPeers(1);
        List<Long> sent = failFor(Duration.ofMinutes(10), REFUSED);

        List<Long> gaps = IntStream.range(1, sent.size())
                .mapToObj(i -> sent.get(i) - sent.get(i - 1))
                .toList();
        assertThat(gaps.get(0)).isBetween(700L, 1300L);
        assertThat(gaps.get(1)).isBetween(1450L, 2550L);
        assertThat(gaps.get(2)).isBetween(2950L, 5050L);
        assertThat(gaps).last().satisfies(gap -> assertThat(gap).isBetween(44_000L, 76_000L));
        assertThat(sent).hasSizeBetween(10, 25);
    }

    @Test
    void aServerThatIsHeardEndsThemAndABootstrapFollows() {
        addBootstrapPeers(1);
        failFor(Duration.ofSeconds(5), REFUSED);
        fixture.connectServers(1);
        int requests = fixture.queriedPeers().size();
        fixture.pass(Duration.ofMillis(500));

        assertThat(fixture.queriedPeers()).hasSize(requests + 1);
    }

    @Test
    void aPeerThatServesAnotherProtocolIsTriedAgainAlthoughItIsNoLongerInTheTable() {
        addBootstrapPeers(1);
        List<Long> sent = failFor(Duration.ofSeconds(10), EngineFixture.failure(TransportFailure.Kind.UNSUPPORTED));

        assertThat(sent).hasSizeGreaterThanOrEqualTo(3);
    }

    /** The peer is reached, and its identification lists the local protocol only after 20 s. */
    @Test
    void aPeerThatDoesNotServeTheProtocolYetIsTriedAgain() {
        addBootstrapPeers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other/1.0.0"), List.of(Peers.address(1))), Peers.outbound(1)));
        assertThat(fixture.snapshot().size()).isZero();
        List<Long> sent = failFor(Duration.ofSeconds(20), EngineFixture.failure(TransportFailure.Kind.UNSUPPORTED));
        assertThat(sent).hasSizeGreaterThanOrEqualTo(3);

        fixture.pass(Duration.ofMinutes(1));
        fixture.respondToFindNodes();
        assertThat(fixture.snapshot().size()).isEqualTo(1);
    }

    @Test
    void aPeerThatServesNothingAndIsNoBootstrapPeerIsNotTried() {
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other/1.0.0"), List.of(Peers.address(1))), Peers.outbound(1)));
        assertThat(failFor(Duration.ofMinutes(2), REFUSED)).isEmpty();
        assertThat(dialled()).isEmpty();
    }

    @Test
    void aBootstrapPeerWhoseLastAddressTheUserHasRemovedIsNotTriedAgain() {
        Multiaddr second = Multiaddr.parse("/ip6/2001:db8::1/tcp/4001");
        fixture.advance(new EngineEvent.BootstrapPeersAdded(
                List.of(PeerInfo.of(Peers.peer(1), List.of(Peers.address(1), second)))));
        failFor(Duration.ofSeconds(3), REFUSED);
        removeAddress(Peers.address(1));
        int before = dialled().size();
        failFor(Duration.ofMinutes(2), REFUSED);
        assertThat(fixture.all(EngineAction.Dial.class)
                        .subList(before, dialled().size()))
                .isNotEmpty()
                .allSatisfy(dial -> assertThat(dial.peer().addresses()).containsExactly(second));

        removeAddress(second.withPeerId(Peers.peer(1)));
        int then = dialled().size();
        assertThat(failFor(Duration.ofMinutes(5), REFUSED)).isEmpty();
        assertThat(dialled()).hasSize(then);
    }

    /** A peer that turned out to serve nothing has left the table, but is dialled again. */
    @Test
    void removingAnAddressThatOnlyTheRetriesHadReturnsThatItWasThere() {
        addBootstrapPeers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other/1.0.0"), List.of(Peers.address(1))), Peers.outbound(1)));
        assertThat(fixture.snapshot().contains(Peers.peer(1))).isFalse();

        assertThat(removeAddress(Peers.address(2))).isFalse();
        assertThat(removeAddress(Peers.address(1))).isTrue();
        assertThat(removeAddress(Peers.address(1))).isFalse();
    }

    private boolean removeAddress(Multiaddr address) {
        fixture.advance(new EngineEvent.RemoveAddress(new CommandId(1), Peers.peer(1), address));
        return fixture.last(EngineAction.CompleteRemove.class).removed();
    }

    @Test
    void furtherBootstrapPeersDoNotInsertAnEarlierOneThatWasRemoved() {
        addBootstrapPeers(1);
        fixture.transport(new TransportEvent.ConnectionOpened(Peers.outbound(1)));
        fixture.transport(new TransportEvent.PeerIdentified(
                Peers.identification(1, Set.of("/other/1.0.0"), List.of(Peers.address(1))), Peers.outbound(1)));
        addBootstrapPeers(2);

        assertThat(fixture.snapshot().contains(Peers.peer(1))).isFalse();
        assertThat(fixture.snapshot().contains(Peers.peer(2))).isTrue();
    }

    @Test
    void connectionsThatCloseCauseNoBootstrap() {
        addBootstrapPeers(1, 2, 3);
        fixture.connectServers(1, 2, 3);
        fixture.pass(Duration.ofMillis(500));
        fixture.respondToFindNodes();
        IntStream.rangeClosed(1, 3)
                .forEach(number -> fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(number), 0)));
        int requests = fixture.queriedPeers().size();
        fixture.pass(Duration.ofMinutes(4));

        assertThat(fixture.queriedPeers()).hasSize(requests);
        assertThat(dialled()).isEmpty();
    }

    @Test
    void aTableInWhichNobodyAnswersAnyMoreCausesOne() {
        addBootstrapPeers(1, 2, 3);
        fixture.connectServers(1, 2, 3);
        fixture.pass(Duration.ofMillis(500));
        fixture.respondToFindNodes();
        IntStream.rangeClosed(1, 3)
                .forEach(number -> fixture.transport(new TransportEvent.ConnectionClosed(Peers.outbound(number), 0)));
        fixture.pass(Duration.ofMinutes(1));
        fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key"), 20));
        assertThat(failFor(Duration.ofMillis(100), REFUSED)).hasSize(3);
        assertThat(dialled()).isEmpty();
        fixture.pass(Duration.ofMillis(1300));

        assertThat(dialled()).containsExactlyInAnyOrder(Peers.peer(1), Peers.peer(2), Peers.peer(3));
        assertThat(fixture.pending()).hasSize(3);
    }

    @Test
    void aFewDeadPeersAmongOthersThatAnswerCauseNone() {
        addBootstrapPeers(IntStream.rangeClosed(1, 12).boxed().toArray(Integer[]::new));
        fixture.connectServers(IntStream.rangeClosed(1, 12).toArray());
        fixture.pass(Duration.ofMillis(500));
        fixture.respondToFindNodes();
        List<PeerId> dead = IntStream.rangeClosed(1, 4).mapToObj(Peers::peer).toList();
        int failures = 0;
        for (int round = 0; round < 6; round++) {
            fixture.pass(Duration.ofSeconds(15));
            fixture.start(new QuerySpec.GetClosestPeers(Bytes.utf8("key" + round), 20));
            while (!fixture.pending().isEmpty()) {
                Optional<EngineAction.SendRequest> toDead = fixture.pending().stream()
                        .filter(request -> dead.contains(request.peer().id()))
                        .findFirst();
                if (toDead.isPresent()) {
                    fixture.fail(toDead.get(), REFUSED);
                    failures++;
                } else {
                    fixture.respond(fixture.pending().get(0), new KadResponse.FindNode(List.of()));
                }
            }
        }
        assertThat(failures).as("failed requests").isGreaterThan(6);
        int requests = fixture.queriedPeers().size();
        fixture.pass(Duration.ofMinutes(2));

        assertThat(fixture.queriedPeers()).hasSize(requests);
        assertThat(dialled()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportFailure.Kind.class,
            names = {"TIMEOUT", "UNREACHABLE", "CLOSED", "RESET", "WRONG_PEER", "INVALID", "UNSUPPORTED"})
    void whateverTheFailure(TransportFailure.Kind kind) {
        addBootstrapPeers(1);
        assertThat(failFor(Duration.ofMillis(600), EngineFixture.failure(kind))).hasSize(1);
        fixture.pass(Duration.ofMillis(1300));

        assertThat(fixture.pending()).hasSize(1);
    }

    @Test
    void peersThatStartTogetherDoNotRetryTogether() {
        List<Long> first = IntStream.range(0, 20)
                .mapToObj(seed -> {
                    EngineFixture peer = new EngineFixture(
                            seed,
                            EngineFixture.config()
                                    .set(KademliaConfig.BOOTSTRAP_THROTTLE, Optional.of(Duration.ofMillis(500))));
                    peer.advance(new EngineEvent.BootstrapPeersAdded(List.<PeerInfo>of(Peers.info(1))));
                    peer.pass(Duration.ofMillis(500));
                    peer.fail(peer.pendingTo(1), REFUSED);
                    return peer.engine.nextDeadlineNanos();
                })
                .toList();

        assertThat(first.stream().collect(Collectors.toSet())).hasSizeGreaterThan(15);
    }
}
