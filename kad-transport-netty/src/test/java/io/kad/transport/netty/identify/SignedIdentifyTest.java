package io.kad.transport.netty.identify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kad.api.Identity;
import io.kad.api.KademliaConfig;
import io.kad.api.id.Bytes;
import io.kad.api.id.Multiaddr;
import io.kad.api.id.UnsignedVarint;
import io.kad.api.message.PeerInfo;
import io.kad.api.spi.transport.Callback;
import io.kad.api.spi.transport.InboundRequest;
import io.kad.api.spi.transport.PeerIdentification;
import io.kad.api.spi.transport.Responder;
import io.kad.api.spi.transport.TransportEvent;
import io.kad.api.spi.transport.TransportFailure;
import io.kad.api.spi.transport.TransportHandler;
import io.kad.transport.netty.NettyTransport;
import io.kad.transport.netty.support.ForwardingIdentity;
import io.kad.transport.netty.support.RawPeer;
import io.kad.transport.netty.support.RawStream;
import io.kad.transport.netty.support.StartedTransports;
import io.kad.transport.netty.support.TestIdentity;
import io.kad.transport.netty.support.Wire;
import io.kad.transport.netty.transport.AddressPattern;
import io.kad.wire.IdentifyMessage;
import io.kad.wire.SignedPeerRecord;
import io.kad.wire.key.KeyType;
import io.kad.wire.key.PrivateKeyIdentity;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signed peer records in identify and its push, over real sockets. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SignedIdentifyTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** The peer answers no identify request: it does not fail while a test runs. */
    private static final KademliaConfig CONFIG = KademliaConfig.of("/test/kad/1.0.0").toBuilder()
            .negotiationTimeout(PATIENCE)
            .build();

    private static final List<Multiaddr> LISTENED = List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/1"));
    private static final List<Multiaddr> SIGNED = List.of(Multiaddr.parse("/ip4/192.0.2.2/tcp/2"));
    private static final List<Multiaddr> SIGNED_LATER = List.of(Multiaddr.parse("/ip4/192.0.2.3/tcp/3"));

    private final TestIdentity remote = new TestIdentity(2);
    private final List<PeerIdentification> identified = new CopyOnWriteArrayList<>();
    private final AtomicInteger pushes = new AtomicInteger();
    private Runnable beforeRecorded = () -> {};
    private NettyTransport transport;
    private Identity local;
    private Multiaddr address;
    private RawPeer peer;

    private void start(Identity identity) {
        local = identity;
        transport = new NettyTransport(identity, CONFIG, InstantSource.system());
        transport.start(new Recorder());
        address = StartedTransports.bind(transport, "/ip4/127.0.0.1/tcp/0");
        peer = connect();
    }

    private RawPeer connect() {
        return new RawPeer(
                remote, local.peerId(), AddressPattern.TCP.socket(address).orElseThrow());
    }

    @AfterEach
    void close() {
        peer.close();
        transport.close();
    }

    private IdentifyMessage ask() throws Exception {
        RawStream stream = peer.open(Identify.PROTOCOL);
        await().atMost(PATIENCE).until(stream::inputEnded);
        ByteBuffer received = ByteBuffer.wrap(stream.received());
        stream.end();
        assertThat(UnsignedVarint.read(received)).isEqualTo(received.remaining());
        return IdentifyMessage.decode(Bytes.copyOf(received));
    }

    /** Asks until the message has a record: without one it is sent when signing takes long. */
    private IdentifyMessage askForRecord() {
        return await().atMost(PATIENCE)
                .until(this::ask, message -> message.signedPeerRecord().isPresent());
    }

    private SignedPeerRecord record(IdentifyMessage message) throws Exception {
        return SignedPeerRecord.open(message.signedPeerRecord().orElseThrow(), local.peerId());
    }

    /** Whoever waits for the call and then looks at the effects of the event, such as the routing table, must find them. */
    @Test
    void theEventComesBeforeTheResultOfTheCall() throws Exception {
        Bytes envelope = sealed(7, SIGNED);
        start(new TestIdentity(1));
        await().until(() -> !transport.connections().isEmpty());
        CompletableFuture<Integer> events = new CompletableFuture<>();
        // A call that completes on another thread would come meanwhile
        beforeRecorded = () ->
                events.copy().completeOnTimeout(-1, 300, TimeUnit.MILLISECONDS).join();
        var unused = transport.identify(
                PeerInfo.of(remote.peerId(), List.of()), PATIENCE, new Callback<PeerIdentification>() {
                    @Override
                    public void onSuccess(PeerIdentification result) {
                        events.complete(identified.size());
                    }

                    @Override
                    public void onFailure(TransportFailure failure) {
                        events.completeExceptionally(new AssertionError(failure.toString()));
                    }
                });
        PeerIdentification pushed = push(envelope);
        assertThat(events.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(pushed.recordSequence()).hasValue(7);
    }

    /** Pushes a message with {@code envelope} to the transport, and returns what it then knows of the remote peer. */
    private PeerIdentification push(RawPeer from, Optional<Bytes> envelope) throws Exception {
        String agent = "push/" + pushes.incrementAndGet();
        IdentifyMessage message = new IdentifyMessage(
                Optional.of(remote.publicKey()), LISTENED, Set.of("/a"), Optional.empty(), "", agent, envelope);
        RawStream stream = from.open(Identify.PUSH_PROTOCOL);
        stream.send(Wire.framed(message.encode().toArray()));
        stream.end();
        // Only one push is received at a time
        await().atMost(PATIENCE).until(stream::inputEnded);
        return await().atMost(PATIENCE)
                .until(
                        () -> identified.stream()
                                .filter(one -> one.agent().equals(agent))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private PeerIdentification push(Bytes envelope) throws Exception {
        return push(peer, Optional.of(envelope));
    }

    private Bytes sealed(long sequence, List<Multiaddr> addresses) {
        return SignedPeerRecord.seal(remote, sequence, addresses);
    }

    @ParameterizedTest
    @EnumSource
    void aPeerWithAKeyOfAnyTypeSendsARecordOfItsAddresses(KeyType type) throws Exception {
        start(PrivateKeyIdentity.generate(type, new SecureRandom()));

        IdentifyMessage message = askForRecord();

        assertThat(record(message).addresses())
                .isEqualTo(message.listenAddresses())
                .containsExactly(address);
        assertThat(ask().signedPeerRecord()).as("while the addresses stay").isEqualTo(message.signedPeerRecord());
    }

    @Test
    void aChangeOfAddressesIsSentInANewerRecord() throws Exception {
        start(new TestIdentity(1));
        SignedPeerRecord before = record(askForRecord());
        StartedTransports.listen(transport, "/ip4/127.0.0.1/tcp/0").join();

        SignedPeerRecord after = record(askForRecord());

        assertThat(after.isNewerThan(before)).isTrue();
        assertThat(after.addresses()).hasSize(2).contains(address);
    }

    @Test
    void theAddressesOfAValidRecordReplaceTheOthers() throws Exception {
        start(new TestIdentity(1));

        assertThat(push(peer, Optional.empty()).listenAddresses()).isEqualTo(LISTENED);
        assertThat(push(sealed(1, SIGNED)).listenAddresses()).isEqualTo(SIGNED);
    }

    @Test
    void anInvalidRecordIsIgnoredAndTheRestOfTheMessageUsed() throws Exception {
        start(new TestIdentity(1));
        Bytes valid = sealed(1, SIGNED);
        byte[] tampered = valid.toArray();
        tampered[tampered.length - 1] ^= 1;

        for (Bytes invalid : List.of(
                Bytes.utf8("no envelope"),
                valid.slice(0, valid.size() - 1),
                Bytes.of(tampered),
                SignedPeerRecord.seal(new TestIdentity(3), 1, SIGNED))) {
            PeerIdentification used = push(invalid);
            assertThat(used.listenAddresses()).isEqualTo(LISTENED);
            assertThat(used.protocols()).containsExactly("/a");
        }
        assertThat(peer.isConnected()).isTrue();
    }

    @Test
    void anOlderRecordDoesNotReplaceANewerOneOverAnyConnection() throws Exception {
        start(new TestIdentity(1));

        assertThat(push(sealed(5, SIGNED)).listenAddresses()).isEqualTo(SIGNED);
        assertThat(push(sealed(4, SIGNED_LATER)).listenAddresses()).isEqualTo(SIGNED);
        assertThat(push(sealed(5, SIGNED_LATER)).listenAddresses()).isEqualTo(SIGNED);
        try (RawPeer second = connect()) {
            assertThat(push(second, Optional.of(sealed(4, SIGNED_LATER))).listenAddresses())
                    .isEqualTo(SIGNED);
            assertThat(push(second, Optional.of(sealed(6, SIGNED_LATER))).listenAddresses())
                    .isEqualTo(SIGNED_LATER);
        }
        assertThat(push(sealed(5, SIGNED)).listenAddresses()).isEqualTo(SIGNED_LATER);
    }

    @Test
    void aKeyThatCannotBeReachedDelaysIdentifyForAMomentAndPreventsNothing() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        start(new Slow(new TestIdentity(1), released));
        try {
            IdentifyMessage message = ask();

            assertThat(message.signedPeerRecord()).isEmpty();
            assertThat(message.listenAddresses()).containsExactly(address);
        } finally {
            released.countDown();
        }
        await().atMost(PATIENCE).until(() -> ask().signedPeerRecord().isPresent());
    }

    @Test
    void aKeyThatFailsPreventsNothing() throws Exception {
        start(new Slow(new TestIdentity(1), null));

        assertThat(ask().signedPeerRecord()).isEmpty();
        assertThat(ask().listenAddresses()).containsExactly(address);
    }

    /** Identity that signs for the handshakes at once, and waits or fails when it is to sign a peer record. */
    private record Slow(Identity identity, CountDownLatch released) implements ForwardingIdentity {

        @Override
        public Bytes sign(Bytes message) {
            if (new String(message.toArray(), StandardCharsets.ISO_8859_1).contains("libp2p-peer-record")) {
                if (released == null) {
                    throw new IllegalStateException("token removed");
                }
                try {
                    assertThat(released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return identity.sign(message);
        }
    }

    /** Handler that records identifications. */
    private final class Recorder implements TransportHandler {

        @Override
        public void onRequest(InboundRequest request, Responder responder) {
            responder.reset();
        }

        @Override
        public void onEvent(TransportEvent event) {
            if (event instanceof TransportEvent.PeerIdentified one) {
                beforeRecorded.run();
                identified.add(one.identification());
            }
        }
    }
}
