package io.kad.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.kad.api.KademliaConfig;
import io.kad.api.TransportOptions;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.RecordKey;
import io.kad.api.message.ConnectionType;
import io.kad.api.message.KadRequest;
import io.kad.api.message.KadResponse;
import io.kad.api.message.PeerInfo;
import io.kad.api.record.PublicationTime;
import io.kad.api.record.Record;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportFailure.Kind;
import io.kad.sim.SimNetwork;
import io.kad.sim.network.MessageCodec;
import io.kad.sim.network.SimPeer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Tests that simulated messages are bytes on their way. Each compares with a network without a codec, whose messages arrive as they were
 * sent, so none passes if encoding is skipped.
 */
class EncodedMessagesTest {

    private static final RecordKey KEY = RecordKey.utf8("a key without a validator");
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    @Test
    void aRecordThatIsTooLargeIsNotSent() {
        KadRequest put = put(20_000);
        try (SimNetwork network = network(WireCodec::new, KademliaConfig.builder())) {
            assertThat(failure(network, put)).isEqualTo(Kind.TOO_LARGE);
            assertThat(network.requests()).isZero();
            assertThat(response(network, put(10_000))).isInstanceOf(KadResponse.PutValue.class);
        }
        try (SimNetwork network = network(null, KademliaConfig.builder())) {
            assertThat(response(network, put)).isInstanceOf(KadResponse.PutValue.class);
        }
    }

    @Test
    void aRequestThatExceedsWhatItsReceiverReadsIsReset() {
        KademliaConfig.Builder small = KademliaConfig.builder()
                .set(KademliaConfig.MAX_SENT_MESSAGE_BYTES, 8192)
                .set(KademliaConfig.MAX_MESSAGE_BYTES, 8192);
        try (SimNetwork network = network(WireCodec::new, small)) {
            network.peer(0).codec(new WireCodec(KademliaConfig.builder().build()));
            assertThat(failure(network, put(10_000))).isEqualTo(Kind.RESET);
            assertThat(network.requests()).isZero();
        }
    }

    @Test
    void aResponseWithManyAddressesIsTrimmed() {
        List<PeerInfo> peers = peersWithAddresses(20, 30);
        KadRequest find = new KadRequest.FindNode(KEY.bytes());
        try (SimNetwork network = network(WireCodec::new, KademliaConfig.builder())) {
            respondWith(network, new KadResponse.FindNode(peers));
            List<PeerInfo> received = ((KadResponse.FindNode) response(network, find)).closerPeers();
            assertThat(received)
                    .hasSize(20)
                    .allSatisfy(peer -> assertThat(peer.addresses()).isNotEmpty());
            assertThat(addresses(received)).isBetween(100, 500);
        }
        try (SimNetwork network = network(null, KademliaConfig.builder())) {
            respondWith(network, new KadResponse.FindNode(peers));
            assertThat(addresses(((KadResponse.FindNode) response(network, find)).closerPeers()))
                    .isEqualTo(600);
        }
    }

    @Test
    void aResponseThatExceedsWhatItsRequesterReadsIsInvalid() {
        KademliaConfig.Builder config = KademliaConfig.builder().set(TransportOptions.MAX_PEERS_RESPONSE_BYTES, 4096);
        try (SimNetwork network = network(WireCodec::new, config)) {
            respondWith(network, new KadResponse.FindNode(peersWithAddresses(20, 10)));
            assertThat(failure(network, new KadRequest.FindNode(KEY.bytes()))).isEqualTo(Kind.INVALID);
            respondWith(network, new KadResponse.GetValue(Optional.empty(), peersWithAddresses(20, 10)));
            assertThat(response(network, new KadRequest.GetValue(KEY)))
                    .as("a response that may carry a record has another limit")
                    .isInstanceOf(KadResponse.GetValue.class);
        }
    }

    @Test
    void whatTheWireDoesNotCarryIsLost() {
        for (boolean encoded : new boolean[] {true, false}) {
            try (SimNetwork network = network(encoded ? WireCodec::new : null, KademliaConfig.builder())) {
                PublicationTime estimate = PublicationTime.estimated(network.now());
                Record sent = Record.of(KEY, Bytes.utf8("v"))
                        .withTtl(Duration.ofMillis(90_500), network.now())
                        .withPublished(Optional.of(estimate));
                respondWith(network, new KadResponse.GetValue(Optional.of(sent), List.of()));
                Record received = ((KadResponse.GetValue) response(network, new KadRequest.GetValue(KEY)))
                        .record()
                        .orElseThrow();
                assertThat(received.published()).isEqualTo(encoded ? Optional.empty() : Optional.of(estimate));
                assertThat(received.expires().equals(sent.expires())).isEqualTo(!encoded);
            }
        }
    }

    /** Otherwise the routing tables of a large network would hold as many copies of an address as there are peers that know it. */
    @Test
    void theAddressesInAMessageAreThoseOfThePeerWhateverItsConnection() {
        try (SimNetwork network = network(WireCodec::new, KademliaConfig.builder())) {
            PeerInfo known = network.peer(0).info();
            for (ConnectionType connection : ConnectionType.values()) {
                PeerInfo sent = new PeerInfo(known.id(), known.addresses(), connection);
                respondWith(network, new KadResponse.FindNode(List.of(sent)));
                PeerInfo received = ((KadResponse.FindNode) response(network, new KadRequest.FindNode(KEY.bytes())))
                        .closerPeers()
                        .get(0);
                assertThat(received).isEqualTo(sent);
                assertThat(received.id()).isSameAs(known.id());
                assertThat(received.addresses()).isSameAs(known.addresses());
            }
        }
    }

    @Test
    void lookupsOfEncodedMessagesAreTheSame() {
        assertThat(traceOfLookups(WireCodec::new)).isEqualTo(traceOfLookups(null));
    }

    private static long traceOfLookups(MessageCodec.@Nullable Factory codecs) {
        try (SimNetwork network =
                SimNetwork.builder().peers(60).seed(3).codec(codecs).build()) {
            for (SimPeer peer : network.peers()) {
                network.await(network.join(peer, network.peer(0)).handle((done, failure) -> failure));
            }
            return network.traceHash();
        }
    }

    private static SimNetwork network(MessageCodec.@Nullable Factory codecs, KademliaConfig.Builder config) {
        config.set(KademliaConfig.BOOTSTRAP_INTERVAL, Optional.empty());
        return SimNetwork.builder()
                .peers(2)
                .seed(5)
                .config(config.build())
                .codec(codecs)
                .build();
    }

    private static KadRequest put(int bytes) {
        return new KadRequest.PutValue(Record.of(KEY, Bytes.of(new byte[bytes])));
    }

    private static void respondWith(SimNetwork network, KadResponse response) {
        network.peer(1).behavior((peer, request, responder, defaultHandler) -> responder.respond(response));
    }

    private static List<PeerInfo> peersWithAddresses(int peers, int addresses) {
        try (SimNetwork others = SimNetwork.builder().peers(peers).seed(9).build()) {
            return others.peers().stream()
                    .map(peer -> PeerInfo.of(
                            peer.id(),
                            IntStream.range(0, addresses)
                                    .mapToObj(i -> Multiaddr.parse("/ip6/2001:db8::" + (i + 1) + "/tcp/4001"))
                                    .toList()))
                    .toList();
        }
    }

    private static int addresses(List<PeerInfo> peers) {
        return peers.stream().mapToInt(peer -> peer.addresses().size()).sum();
    }

    private static KadResponse response(SimNetwork network, KadRequest request) {
        Object outcome = outcome(network, request);
        assertThat(outcome).isInstanceOf(KadResponse.class);
        return (KadResponse) outcome;
    }

    private static Kind failure(SimNetwork network, KadRequest request) {
        Object outcome = outcome(network, request);
        assertThat(outcome).isInstanceOf(TransportFailure.class);
        return ((TransportFailure) outcome).kind();
    }

    /** Sends a request of the first peer to the second, and returns the response or the failure. */
    private static Object outcome(SimNetwork network, KadRequest request) {
        CompletableFuture<Object> outcome = new CompletableFuture<>();
        var unused = network.peer(0)
                .transport()
                .request(network.peer(1).info(), request, TIMEOUT, new Callback<KadResponse>() {
                    @Override
                    public void onSuccess(KadResponse response) {
                        outcome.complete(response);
                    }

                    @Override
                    public void onFailure(TransportFailure failure) {
                        outcome.complete(failure);
                    }
                });
        return network.await(outcome);
    }
}
